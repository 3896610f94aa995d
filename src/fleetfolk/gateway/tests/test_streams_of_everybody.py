"""The event stream × everybody: it tells of a device exactly who may see it, and nobody else of whatever they ask."""

import pytest
from django.conf import settings
from django.test import Client

from fleetfolk.access.gate import GATE
from fleetfolk.devices.models import Device
from fleetfolk.devices.permissions import ORG_DEVICES_VIEW
from fleetfolk.gateway.viewers import Door, Seen, look
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of, shared_with
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.no_input import ReasonInput

EVERYBODY = ("ada", "abe", "dana", "finn", "cleo", "bob", "bea", "sam", "sue", "eve")
STREAM = "/live/devices"


def seen_by(browser: Client, devices: list[Device]) -> Seen | None:
    """What the stream tells this browser when it asks for all of the devices."""
    name = settings.SESSION_COOKIE_NAME
    cookie = f"{name}={browser.cookies[name].value}" if name in browser.cookies else ""
    door = Door.at(STREAM, cookie)
    assert door is not None
    return look(door, [device.pk for device in devices])


@pytest.fixture
def devices(cast: Cast) -> list[Device]:
    """One of each place, of several owners, and one that is shared across branches."""
    places = ((cast.lumen, None), (cast.north, cast.cleo), (cast.south, cast.sue), (cast.berg, cast.bob))
    made = [device_of(place, f"Of {place.name}", owner=owner)[0] for place, owner in places]
    foreign = device_of(cast.evil, "Of Evil", owner=cast.eve)[0]
    shared_with(made[2], cast.bob)
    return [*made, foreign]


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_is_told_of_exactly_what_they_may_see(
    cast: Cast, signed_in: SignedIn, devices: list[Device], who: str
) -> None:
    person = getattr(cast, who)
    seen = seen_by(signed_in(person), devices)
    assert seen is not None
    assert (seen.person_id, seen.tenant_id) == (person.pk, person.tenant_id)
    rows = Device.objects.select_related(*Device.comes_with)
    may = {one.pk for one in rows if GATE.decide(actor(person), ORG_DEVICES_VIEW, one).allowed}
    assert set(seen.devices) == may
    assert {one.tenant_id for one in devices if one.pk in seen.devices} <= {person.tenant_id}
    assert seen.devices or who == "nobody"


def test_who_is_signed_out_disabled_or_forged_is_told_nothing(
    cast: Cast, signed_in: SignedIn, devices: list[Device]
) -> None:
    browser = signed_in(cast.cleo)
    assert seen_by(browser, devices) is not None
    perform(DisableUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=ReasonInput())
    assert seen_by(browser, devices) is None
    assert seen_by(Client(), devices) is None
    forged = Client()
    forged.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    assert seen_by(forged, devices) is None


@pytest.mark.parametrize(
    "path", ["/live/", "/live/devices/", "/as/x/live/devices", "//live/devices", "/live/devices%00"]
)
def test_no_other_address_is_a_door(path: str) -> None:
    assert Door.at(path, "") is None
