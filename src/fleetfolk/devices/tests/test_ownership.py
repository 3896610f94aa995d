"""Devices come in by hand, change hands, are deleted and restored; and each person's count of them is right."""

import datetime as dt
import re
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from fleetfolk.actionlog.models import Entry
from fleetfolk.devices.actions.assign_owner import AssignOwner, AssignOwnerInput
from fleetfolk.devices.actions.delete_device import DeleteDevice
from fleetfolk.devices.actions.erase_device import EraseDevice
from fleetfolk.devices.actions.restore_device import RestoreDevice
from fleetfolk.devices.actions.transfer_device import TransferDevice, TransferDeviceInput
from fleetfolk.devices.models import RESTORABLE_FOR, Device, Point, Reported, Share
from fleetfolk.devices.tokens import secret_hash
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import system_actor
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.devices import device_of, shared_with, template_of
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_activation import enabled_in
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User

HTMX = {"HX-Request": "true"}


def told() -> list[tuple[str, str]]:
    """Who gets which mail about devices, in their order."""
    notices = ProcrastinateJob.objects.filter(task_name="users.send_notice").order_by("id")
    return [(job.args["email"], job.args["notice"]) for job in notices]


def count_of(user: User) -> int:
    return fresh(user).device_count


def enabled(cast: Cast, *organizations: Organization) -> None:
    for organization in organizations:
        enabled_in(organization)


def new(cast: Cast, **typed: Any) -> dict[str, Any]:
    form = {"template": template_of(cast.lumen).pk, "name": "Attic", "organization": "Lumen Home", "owner": ""}
    return {**form, "serial": "", **typed}


def test_a_device_is_added_by_hand_and_its_token_is_shown_once(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    page = browser.post("/devices/new/", new(cast, owner=cast.bob.email), headers=HTMX)
    text = page.content.decode()
    token = re.search(r'id="token"[^>]*>([\w-]{32})<', text)
    assert token, text
    device = Device.objects.get(name="Attic")
    assert (device.token_hash, device.token_end) == (secret_hash(token[1]), token[1][-4:])
    assert f"#define BLYNK_AUTH_TOKEN &quot;{token[1]}&quot;" in text
    assert f"#define BLYNK_TEMPLATE_ID &quot;{device.template.public_id}&quot;" in text
    assert "no-store" in page["Cache-Control"]
    assert (device.owner, device.organization) == (cast.bob, cast.lumen)
    assert Reported.objects.filter(device=device).exists()
    assert token[1] not in str(Entry.objects.get(code="device.create").__dict__)
    assert told() == [(cast.bob.email, "device_come")]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"organization": "Evil Corp"}, "no organization of this name"),
        ({"owner": "eve@evil.example"}, "nobody with this address"),
        ({"template": "0"}, "not enabled here"),
        ({"name": ""}, "required"),
    ],
)
def test_what_cannot_be_added_is_said(cast: Cast, signed_in: SignedIn, typed: dict[str, str], says: str) -> None:
    answer = signed_in(cast.ada).post("/devices/new/", new(cast, **typed), headers=HTMX)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Device.objects.filter(name="Attic").exists()


def test_a_template_is_used_only_where_it_is_enabled_or_below(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    refused = browser.post("/devices/new/", new(cast, organization="North"), headers=HTMX)
    assert "not enabled for North" in refused.content.decode()
    enabled(cast, cast.north)
    for organization in ("North", "Familie Berg"):
        assert browser.post("/devices/new/", new(cast, organization=organization), headers=HTMX).status_code == 200


def test_a_rotated_token_replaces_the_old_one(cast: Cast, signed_in: SignedIn) -> None:
    device, old = device_of(cast.north)
    answer = signed_in(cast.ada).post(f"/devices/{device.pk}/token/", headers=HTMX)
    token = re.search(r'id="token"[^>]*>([\w-]{32})<', answer.content.decode())
    assert token
    device.refresh_from_db()
    assert device.token_hash == secret_hash(token[1]) != secret_hash(old)
    assert not Device.objects.filter(token_hash=secret_hash(old)).exists()


def test_a_token_long_not_proved_is_asked_for_the_password_first(cast: Cast, signed_in: SignedIn) -> None:
    device, old = device_of(cast.north)
    signed_in(cast.ada, minutes_ago=60).post(f"/devices/{device.pk}/token/", headers=HTMX)
    assert Device.objects.filter(token_hash=secret_hash(old)).exists()


def test_both_owners_are_told(cast: Cast) -> None:
    device, _token = device_of(cast.berg, owner=cast.bob)
    perform(AssignOwner, actor=actor(cast.ada), target_id=device.pk, data=AssignOwnerInput(email=cast.sue.email))
    assert told() == [(cast.bob.email, "device_gone"), (cast.sue.email, "device_come")]
    assert (count_of(cast.bob), count_of(cast.sue)) == (0, 1)


def test_a_transfer_to_an_organization_tells_its_admins_and_takes_the_owner_away(cast: Cast) -> None:
    device, _token = device_of(cast.berg, owner=cast.bob)
    enabled(cast, cast.south)
    data = TransferDeviceInput(organization_id=cast.south.pk)
    perform(TransferDevice, actor=actor(cast.ada), target_id=device.pk, data=data)
    device.refresh_from_db()
    assert (device.organization, device.owner, device.path) == (cast.south, None, cast.south.path)
    assert told() == [(cast.bob.email, "device_gone"), (cast.sam.email, "device_come")]


def test_a_transfer_to_a_person_moves_it_to_their_organization(cast: Cast) -> None:
    device, _token = device_of(cast.north)
    enabled(cast, cast.south)
    perform(TransferDevice, actor=actor(cast.ada), target_id=device.pk, data=TransferDeviceInput(email=cast.sue.email))
    device.refresh_from_db()
    assert (device.organization, device.owner) == (cast.south, cast.sue)


@pytest.mark.parametrize("to", ["south", "lumen", "evil"])
def test_nobody_transfers_out_of_their_reach(cast: Cast, to: str) -> None:
    device, _token = device_of(cast.north)
    data = TransferDeviceInput(organization_id=getattr(cast, to).pk)
    with pytest.raises(Refused, match="transfer_organization"):
        perform(TransferDevice, actor=actor(cast.finn), target_id=device.pk, data=data)
    device.refresh_from_db()
    assert device.organization == cast.north


def test_somebody_out_of_reach_is_as_unknown_as_nobody(cast: Cast) -> None:
    device, _token = device_of(cast.north)
    for email in (cast.sue.email, cast.eve.email, "nobody@new.example"):
        data = AssignOwnerInput(email=email)
        with pytest.raises(Refused, match="owner_unknown"):
            perform(AssignOwner, actor=actor(cast.finn), target_id=device.pk, data=data)


@pytest.mark.parametrize("along", [True, False])
def test_devices_follow_a_person_to_another_organization_where_that_is_wished(
    cast: Cast, signed_in: SignedIn, along: bool
) -> None:
    device, _token = device_of(cast.berg, owner=cast.bob)
    share = shared_with(device, cast.sue)
    enabled(cast, cast.south)
    form = {"admin_email": cast.sam.email, "role": cast.role("user").pk, **({"with_devices": "on"} if along else {})}
    answer = signed_in(cast.ada).post(f"/users/{cast.bob.pk}/transfer/", form, headers=HTMX)
    assert answer.status_code == 204
    device.refresh_from_db()
    assert (device.organization, device.owner) == (cast.south if along else cast.berg, cast.bob)
    assert Share.objects.filter(pk=share.pk).exists()


def test_a_person_stays_whose_devices_cannot_follow(cast: Cast, signed_in: SignedIn) -> None:
    device_of(cast.berg, owner=cast.bob)
    form = {"admin_email": cast.sam.email, "role": cast.role("user").pk, "with_devices": "on"}
    answer = signed_in(cast.ada).post(f"/users/{cast.bob.pk}/transfer/", form, headers=HTMX)
    assert answer.status_code == 422
    assert "not enabled for South" in answer.content.decode()
    assert fresh(cast.bob).organization == cast.berg


def test_a_deleted_device_is_restored_with_all_it_had(cast: Cast, signed_in: SignedIn) -> None:
    device, token = device_of(cast.berg, owner=cast.bob)
    browser = signed_in(cast.ada)
    browser.post(f"/devices/{device.pk}/delete/", headers=HTMX)
    assert count_of(cast.bob) == 0
    assert "Cellar" in browser.get("/devices/deleted/").content.decode()
    assert browser.get(f"/devices/{device.pk}/sharing/").status_code == 404
    browser.post(f"/devices/{device.pk}/restore/", headers=HTMX)
    device.refresh_from_db()
    assert (device.deleted_at, device.owner, device.token_hash) == (None, cast.bob, secret_hash(token))
    assert count_of(cast.bob) == 1


def test_after_seven_days_it_is_gone_with_its_history_and_not_before(cast: Cast) -> None:
    device, _token = device_of(cast.berg, owner=cast.bob)
    Point.objects.create(device_id=device.pk, stream_id=1, at=clock.now(), number=1.0)
    perform(DeleteDevice, actor=actor(cast.ada), target_id=device.pk, data=NoInput())
    caretaker = system_actor("caretaker", tenant_id=cast.lumen.pk)
    with pytest.raises(Refused, match="device_still_restorable"):
        perform(EraseDevice, actor=caretaker, target_id=device.pk, data=NoInput())
    with clock.at(clock.now() + RESTORABLE_FOR + dt.timedelta(seconds=1)):
        with pytest.raises(Refused, match="device_restore_over"):
            perform(RestoreDevice, actor=actor(cast.ada), target_id=device.pk, data=NoInput())
        with pytest.raises(Denied):
            perform(EraseDevice, actor=actor(cast.ada), target_id=device.pk, data=NoInput())
        perform(EraseDevice, actor=caretaker, target_id=device.pk, data=NoInput())
    assert not Device.objects.filter(pk=device.pk).exists()
    assert not Point.objects.filter(device_id=device.pk).exists()


def test_the_count_of_devices_is_right_whatever_happens_at_once(cast: Cast) -> None:
    device, _token = device_of(cast.berg, owner=cast.bob)
    with staging():
        made = [
            Device(tenant=cast.lumen, organization=cast.berg, template=device.template, owner=owner, name=f"D{number}")
            for number, owner in enumerate((cast.bob, cast.bob, cast.sue, None))
        ]
        Device.objects.bulk_create(made)
        assert (count_of(cast.bob), count_of(cast.sue)) == (3, 1)
        Device.objects.filter(owner=cast.bob).exclude(pk=device.pk).update(owner=cast.sue)
        assert (count_of(cast.bob), count_of(cast.sue)) == (1, 3)
        Device.objects.filter(owner=cast.sue).update(deleted_at=clock.now(), owner=cast.bob)
        assert (count_of(cast.bob), count_of(cast.sue)) == (1, 0)
        Device.objects.filter(owner=cast.bob).update(deleted_at=None)
        assert count_of(cast.bob) == 4
        Device.objects.filter(pk__in=[one.pk for one in made]).delete()
        assert count_of(cast.bob) == 1
