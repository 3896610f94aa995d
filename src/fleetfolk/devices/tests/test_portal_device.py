"""The portal's pages of one device: who may open which, whatever they type into the address."""

import pytest
from django.urls import reverse

from fleetfolk.access.models import Role
from fleetfolk.actionlog.models import Entry
from fleetfolk.devices.models import Datastream, Device, Reported, ShareLevel
from fleetfolk.devices.permissions import OWN_TIMELINE_EDIT, OWN_TIMELINE_VIEW
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.devices import device_of, shared_with, template_of
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn

PAGES = ("detail", "timeline", "people", "about")


@pytest.fixture
def cellar(cast: Cast) -> Device:
    """Bob's device."""
    return device_of(cast.berg, "Cellar", owner=cast.bob)[0]


def at(page: str, *keys: int) -> str:
    return reverse(f"mydevices:{page}", args=keys)


@pytest.mark.parametrize("page", PAGES)
def test_a_device_is_there_for_those_who_hold_it_and_for_nobody_else(
    cast: Cast, signed_in: SignedIn, cellar: Device, page: str
) -> None:
    assert signed_in(cast.bob).get(at(page, cellar.pk)).status_code == 200
    shared_with(cellar, cast.sam)
    assert signed_in(cast.sam).get(at(page, cellar.pk)).status_code == 200
    for stranger in (cast.sue, cast.eve):
        assert signed_in(stranger).get(at(page, cellar.pk)).status_code == 404


def test_the_timeline_is_closed_to_whose_role_does_not_have_it(cast: Cast, signed_in: SignedIn, cellar: Device) -> None:
    browser = signed_in(cast.bob)
    assert at("timeline", cellar.pk) in browser.get(at("detail", cellar.pk)).content.decode()
    with staging():
        role = Role.objects.get(tenant=cast.lumen, builtin="user")
        role.permissions = sorted(set(role.permissions) - {OWN_TIMELINE_VIEW.code, OWN_TIMELINE_EDIT.code})
        role.save()
    assert browser.get(at("timeline", cellar.pk)).status_code == 403
    assert at("timeline", cellar.pk) not in browser.get(at("detail", cellar.pk)).content.decode()


@pytest.mark.parametrize("level", [ShareLevel.VIEW, ShareLevel.CONTROL])
def test_who_may_not_manage_a_device_does_not_rename_it_by_its_page(
    cast: Cast, signed_in: SignedIn, cellar: Device, level: ShareLevel
) -> None:
    shared_with(cellar, cast.sue, level)
    browser = signed_in(cast.sue)
    assert 'name="name"' not in browser.get(at("about", cellar.pk)).content.decode()
    assert browser.post(at("about", cellar.pk), {"name": "Mine"}).status_code == 403
    assert Device.objects.get(pk=cellar.pk).name == "Cellar"
    assert Entry.objects.filter(code="device.rename", result="denied", actor_id=str(cast.sue.pk)).exists()


def test_a_datastream_is_reached_through_its_own_device_alone(cast: Cast, signed_in: SignedIn, cellar: Device) -> None:
    other = template_of(cast.lumen, "Boiler")
    foreign = Datastream.objects.get(template=other, pin=1).pk
    browser = signed_in(cast.bob)
    assert browser.get(at("history", cellar.pk, foreign)).status_code == 404
    assert browser.post(at("command", cellar.pk, foreign), {"value": "20"}).status_code in (404, 409)
    assert Reported.objects.get(device=cellar).values == {}
