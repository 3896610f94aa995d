"""Attacks that happened to other fleets: many devices at once, keys counted up, and side listings."""

from typing import Any

import pytest
from django.urls import reverse

from fleetfolk.access.gate import GATE
from fleetfolk.devices.actions.create_device import CreateDevice, CreateDeviceInput
from fleetfolk.devices.actions.create_provisioning import CreateProvisioning, CreateProvisioningInput
from fleetfolk.devices.actions.delete_device import DeleteDevice
from fleetfolk.devices.actions.rotate_token import RotateToken, RotateTokenInput
from fleetfolk.devices.actions.share_device import ShareDevice, ShareDeviceInput
from fleetfolk.devices.actions.transfer_device import TransferDevice, TransferDeviceInput
from fleetfolk.devices.models import Device, Share, ShareLevel
from fleetfolk.devices.permissions import ORG_DEVICES_VIEW
from fleetfolk.devices.tokens import Kept
from fleetfolk.kernel.errors import ActionError, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of, shared_with
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_activation import enabled_in
from fleetfolk.users.actions.no_input import NoInput

OUTSIDERS = ("eve", "sam", "sue")
PAGES = ("sharing:panel", "activation:owner", "activation:transfer", "activation:rotate", "activation:delete")


@pytest.mark.parametrize("who", OUTSIDERS)
def test_who_counts_keys_up_finds_nothing_and_takes_nothing(cast: Cast, signed_in: SignedIn, who: str) -> None:
    devices = [device_of(cast.north, f"Device {number}", owner=cast.cleo)[0] for number in range(3)]
    person = getattr(cast, who)
    browser, by = signed_in(person), actor(person)
    before = list(Device.objects.order_by("pk").values())
    for device in devices:
        for page in PAGES:
            assert browser.get(reverse(page, args=[device.pk])).status_code in (403, 404), page
        attempts: list[tuple[Any, Any]] = [
            (TransferDevice, TransferDeviceInput(email=person.email)),
            (RotateToken, RotateTokenInput(token=Kept.of("mine"))),
            (ShareDevice, ShareDeviceInput(email=person.email, level=ShareLevel.MANAGE)),
            (DeleteDevice, NoInput()),
        ]
        for action, data in attempts:
            with pytest.raises(ActionError) as refusal:
                perform(action, actor=by, target_id=device.pk, data=data)
            assert refusal.value.result == "not_found"
    assert list(Device.objects.order_by("pk").values()) == before
    assert not Share.objects.exists()


@pytest.mark.parametrize("field", ["tenant", "tenant_id", "organization_id", "owner_id", "token_hash", "path", "id"])
def test_fields_that_a_form_does_not_have_overwrite_no_owner_and_no_tenant(
    cast: Cast, signed_in: SignedIn, field: str
) -> None:
    device, _token = device_of(cast.north, owner=cast.cleo)
    before = Device.objects.filter(pk=device.pk).values().get()
    form = {"email": "nina@new.example", "level": "view", "ends": "", field: str(cast.evil.pk)}
    assert signed_in(cast.ada).post(f"/devices/{device.pk}/sharing/share/", form).status_code == 302
    assert Device.objects.filter(pk=device.pk).values().get() == before
    share = Share.objects.get()
    assert (share.tenant_id, share.device_id) == (cast.lumen.pk, device.pk)


def test_a_list_of_many_holds_what_each_alone_would_show(cast: Cast) -> None:
    for place in (cast.lumen, cast.north, cast.south, cast.berg, cast.evil):
        device, _token = device_of(place, owner=cast.bob if place != cast.evil else cast.eve)
        if place == cast.south:
            shared_with(device, cast.cleo)
    for person in (cast.ada, cast.finn, cast.cleo, cast.dana, cast.bob, cast.bea, cast.sam, cast.sue, cast.eve):
        by = actor(person)
        listed = set(
            GATE.within_reach(Device.objects.all(), actor=by, permission=ORG_DEVICES_VIEW).values_list("pk", flat=True)
        )
        alone = {one.pk for one in Device.objects.all() if GATE.decide(by, ORG_DEVICES_VIEW, one).allowed}
        assert listed == alone
        tenants = Device.objects.filter(pk__in=listed).values_list("tenant_id", flat=True)
        assert set(tenants) <= {person.tenant_id}


def test_whoever_sees_a_device_does_not_see_who_is_behind_its_shares(cast: Cast, signed_in: SignedIn) -> None:
    device, _token = device_of(cast.south, "Cellar")
    for person in (cast.cleo, cast.bob):
        shared_with(device, person)
    page = signed_in(cast.cleo).get(f"/devices/{device.pk}/sharing/").content.decode()
    assert "Bob" in page, "Cleo sees Bob's organization"
    page = signed_in(cast.bob).get(f"/devices/{device.pk}/sharing/").content.decode()
    assert "Cleo" not in page
    assert "cleo@" not in page


def test_a_right_over_ones_own_devices_shows_no_other_device_of_the_branch(cast: Cast, signed_in: SignedIn) -> None:
    """The right to replace tokens asks for rights over one's own, which show nothing of a neighbour's."""
    device, _token = device_of(cast.berg, owner=cast.bea)
    page = reverse("activation:rotate", args=[device.pk])
    browser = signed_in(cast.bob)
    assert browser.get(page).status_code == 404
    assert browser.post(page).status_code == 404
    with pytest.raises(TargetNotFound):
        perform(RotateToken, actor=actor(cast.bob), target_id=device.pk, data=RotateTokenInput(token=Kept.of("mine")))
    own, _token = device_of(cast.berg, owner=cast.bob)
    assert browser.get(reverse("activation:rotate", args=[own.pk])).status_code == 403


@pytest.mark.parametrize("level", [ShareLevel.VIEW, ShareLevel.CONTROL])
def test_a_share_shows_staff_of_another_branch_no_more_than_a_share_shows(
    cast: Cast, signed_in: SignedIn, level: ShareLevel
) -> None:
    device, _token = device_of(cast.south, owner=cast.sue)
    share = shared_with(device, cast.cleo, level)
    browser = signed_in(cast.cleo)
    shown = browser.get(f"/devices/{device.pk}/")
    assert shown.status_code == 200
    for tab in ("metadata", "connection"):
        assert browser.get(f"/devices/{device.pk}/{tab}/").status_code == 403, tab
        assert f'/devices/{device.pk}/{tab}/"' not in shown.content.decode()
    with staging():
        Share.objects.filter(pk=share.pk).update(level=ShareLevel.MANAGE)
    for tab in ("metadata", "connection"):
        assert browser.get(f"/devices/{device.pk}/{tab}/").status_code == 200, tab


@pytest.mark.parametrize("name", ["", "x" * 61, "Cellar\nBcc: all@example.org", "Cellar\r", "hidden\u202e"])
def test_no_door_makes_a_device_with_a_name_that_forges_mails_or_logs(cast: Cast, name: str) -> None:
    template = enabled_in(cast.north)
    made: list[tuple[Any, Any]] = [
        (CreateDevice, CreateDeviceInput(template_id=template, name=name, token=Kept.of("mine"))),
        (CreateProvisioning, CreateProvisioningInput(template_id=template, name=name, token=Kept.of("mine"))),
    ]
    for action, data in made:
        with pytest.raises(Refused, match="device_name_unfit"):
            perform(action, actor=actor(cast.finn), target_id=cast.north.pk, data=data)
    serial = CreateDeviceInput(template_id=template, name="Cellar", serial="1\n2", token=Kept.of("mine"))
    with pytest.raises(Refused, match="device_serial_unfit"):
        perform(CreateDevice, actor=actor(cast.finn), target_id=cast.north.pk, data=serial)
    assert not Device.objects.exists()
