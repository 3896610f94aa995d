"""Acts on many devices, chosen in their list."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fleetfolk.devices.models import Device, DeviceTag
from fleetfolk.jobs.bulk_run import run_bulk
from fleetfolk.jobs.models import Job, Target
from fleetfolk.organizations.models import Tag
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_places import depot


@pytest.fixture
def devices(cast: Cast) -> list[Device]:
    return [device_of(cast.north)[0], device_of(cast.south)[0]]


def do(browser: Client, act: str, chosen: dict[str, str], **data: Any) -> Job:
    answer = browser.post(reverse("bulk:choose", args=["devices", act]), chosen)
    assert answer.status_code == 302, answer.content
    job_id = int(answer["Location"].strip("/").split("/")[-1])
    assert browser.get(reverse("bulk:job", args=[job_id]), data).status_code == 200
    assert browser.post(reverse("bulk:start", args=[job_id]), data).status_code == 302
    run_bulk(job_id)
    return Job.objects.get(pk=job_id)


def named(devices: list[Device]) -> dict[str, str]:
    return {"ids": ",".join(str(device.pk) for device in devices)}


def test_all_that_match_are_tagged_and_untagged(cast: Cast, signed_in: SignedIn, devices: list[Device]) -> None:
    with staging():
        tag = Tag.objects.create(tenant=cast.lumen, organization=cast.lumen, name="Old")
    finn = signed_in(cast.finn)
    assert 'id="selection"' in finn.get(reverse("devices:list")).content.decode()
    job = do(finn, "tag", {"all": "1", "address": "?sort=reported"}, tag_id=tag.pk)
    carriers = set(DeviceTag.objects.filter(tag=tag).values_list("device_id", flat=True))
    assert devices[0].pk in carriers
    assert devices[1].pk not in carriers
    assert "Device" in finn.get(reverse("bulk:job", args=[job.pk])).content.decode()
    assert finn.post(reverse("bulk:undo", args=[job.pk])).status_code == 302
    run_bulk(Job.objects.latest("pk").pk)
    assert not DeviceTag.objects.filter(tag=tag).exists()


def test_devices_move_to_a_location_and_back(cast: Cast, signed_in: SignedIn, devices: list[Device]) -> None:
    ada = signed_in(cast.ada)
    place = depot(cast)
    job = do(ada, "location", named(devices), location_id=place.pk)
    assert Device.objects.get(pk=devices[0].pk).location_id == place.pk
    assert job.counts == {"changed": 1, "problem": 1}
    ada.post(reverse("bulk:undo", args=[job.pk]))
    run_bulk(Job.objects.latest("pk").pk)
    assert Device.objects.get(pk=devices[0].pk).location_id is None


def test_devices_are_transferred_and_strange_ones_are_not(
    cast: Cast, signed_in: SignedIn, devices: list[Device]
) -> None:
    ada = signed_in(cast.ada)
    moved = do(ada, "transfer", named(devices), organization_id=cast.lumen.pk)
    assert moved.counts == {"changed": 2}
    there = Device.objects.filter(pk__in=[device.pk for device in devices]).values_list("organization_id", flat=True)
    assert set(there) == {cast.lumen.pk}
    job = do(signed_in(cast.sam), "location", named(devices), location_id="0")
    assert set(Target.objects.filter(job=job).values_list("reason", flat=True)) == {"not_found"}
