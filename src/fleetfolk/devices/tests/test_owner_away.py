"""Devices of deactivated people are nowhere and cannot report; activating the person brings everything back."""

import re
from typing import Any

import pytest

from fleetfolk.devices.actions.revoke_owner import RevokeOwner
from fleetfolk.devices.actions.send_command import SendCommand, SendCommandInput
from fleetfolk.devices.models import Datastream, Device, DeviceState, ShareLevel
from fleetfolk.devices.queries import devices_in
from fleetfolk.gateway.errands import Refusal
from fleetfolk.gateway.meeting import device_of as signed_in_device
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Location
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.devices import device_of, shared_with
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.actions.activate_user import ActivateUser
from fleetfolk.users.actions.deactivate_user import DeactivateUser
from fleetfolk.users.actions.no_input import NoInput, ReasonInput
from fleetfolk.users.secret import secret_hash

NAME = "Zephyr in the cellar"


def deactivate(cast: Cast) -> None:
    perform(DeactivateUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=ReasonInput(reason="on leave"))


def activate(cast: Cast) -> None:
    perform(ActivateUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=NoInput())


def now(device: Device) -> int:
    return int(Device.objects.get(pk=device.pk).state)


@pytest.mark.parametrize(
    "address",
    [
        "/devices/",
        "/devices/?q=zephyr",
        "/devices/?status=offline&status=online&status=deactivated&status=deleted&status=waiting",
        "/devices/?view=map",
        "/find/?q=zephyr",
        "/lookup/?q=zephyr",
    ],
)
@pytest.mark.parametrize("who", ["ada", "finn"])
def test_no_list_map_or_search_shows_them(cast: Cast, signed_in: SignedIn, who: str, address: str) -> None:
    device, _token = device_of(cast.berg, NAME, owner=cast.bob)
    browser = signed_in(getattr(cast, who))

    def shown() -> bool:
        page = browser.get(address).content.decode()
        words = re.sub(r"<[^>]*>", "", page)  # Hits are marked in the middle of a name.
        return f"/devices/{device.pk}/" in page or NAME in words or "Bob Berg" in words

    before = shown()
    assert before or "map" in address
    deactivate(cast)
    assert not shown()
    activate(cast)
    assert shown() == before


def test_its_location_neither_shows_nor_counts_it(cast: Cast, signed_in: SignedIn) -> None:
    device, _token = device_of(cast.berg, NAME, owner=cast.bob)
    with staging():
        place = Location.objects.create(tenant_id=cast.berg.tenant_id, organization=cast.berg, name="Attic")
        Device.objects.filter(pk=device.pk).update(location=place)
    browser = signed_in(cast.ada)

    def counted() -> int:
        (row,) = [row for row in browser.get("/locations/").context["rows"] if row["location"] == place]
        return int(row["devices"])

    def shown() -> bool:
        return NAME in browser.get(f"/locations/{place.pk}/").content.decode()

    assert (shown(), counted()) == (True, 1)
    deactivate(cast)
    assert (shown(), counted()) == (False, 0)


def test_its_pages_are_gone_for_everybody_and_come_back(cast: Cast, signed_in: SignedIn) -> None:
    device, _token = device_of(cast.berg, NAME, owner=cast.bob)
    shared_with(device, cast.sue, ShareLevel.CONTROL)
    console, portal = signed_in(cast.ada), signed_in(cast.sue)
    for browser, address in ((console, f"/devices/{device.pk}/"), (portal, f"/my/devices/{device.pk}/")):
        assert browser.get(address).status_code == 200, address
    assert NAME in portal.get("/").content.decode()
    deactivate(cast)
    assert console.get(f"/devices/{device.pk}/").status_code == 404
    assert portal.get(f"/my/devices/{device.pk}/").status_code == 404
    assert NAME not in portal.get("/").content.decode()
    assert not devices_in(actor(cast.sue)).exists()
    activate(cast)
    assert NAME in portal.get("/").content.decode()
    assert console.get(f"/devices/{device.pk}/").status_code == 200


def test_they_cannot_report_and_nothing_is_sent_to_them(cast: Cast) -> None:
    device, token = device_of(cast.berg, owner=cast.bob)
    stream = Datastream.objects.get(template_id=device.template_id, pin=1)
    order = SendCommandInput(stream_id=stream.pk, texts=("20",))
    assert signed_in_device(secret_hash(token)).pk == device.pk
    deactivate(cast)
    with pytest.raises(Refusal):
        signed_in_device(secret_hash(token))
    with pytest.raises(Refused, match="command_device_off"):
        perform(SendCommand, actor=actor(cast.ada), target_id=device.pk, data=order)
    activate(cast)
    assert signed_in_device(secret_hash(token)).pk == device.pk


@pytest.mark.parametrize("state", [DeviceState.WAITING, DeviceState.DEACTIVATED, DeviceState.DELETED])
def test_what_the_device_was_before_it_is_again(cast: Cast, state: DeviceState) -> None:
    device, _token = device_of(cast.berg, owner=cast.bob)
    moment = device.activated_at
    told: dict[DeviceState, dict[str, Any]] = {
        DeviceState.WAITING: {"activated_at": None},
        DeviceState.DEACTIVATED: {"deactivated_at": moment},
        DeviceState.DELETED: {"deleted_at": moment},
    }
    with staging():
        Device.objects.filter(pk=device.pk).update(**told[state])
    deactivate(cast)
    assert now(device) == (DeviceState.DELETED if state == DeviceState.DELETED else DeviceState.AWAY)
    activate(cast)
    assert now(device) == state


def test_others_devices_stay_and_one_that_is_taken_from_them_is_there_again(cast: Cast) -> None:
    device, _token = device_of(cast.berg, owner=cast.bob)
    other, _token = device_of(cast.berg, "Other", owner=cast.bea)
    nobodys, _token = device_of(cast.berg, "Nobody's")
    deactivate(cast)
    assert [now(one) for one in (device, other, nobodys)] == [DeviceState.AWAY, DeviceState.ACTIVE, DeviceState.ACTIVE]
    perform(RevokeOwner, actor=actor(cast.ada), target_id=device.pk, data=NoInput())
    assert now(device) == DeviceState.ACTIVE
    assert fresh(cast.bob).deactivated_at is not None
