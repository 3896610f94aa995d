"""Devices where people are: the tab of a person, the palette, lookup and the stream of what happened."""

import datetime as dt

import pytest
from django.urls import reverse

from fleetfolk.devices.models import Device, Reported, ShareLevel
from fleetfolk.kernel import clock
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.devices import device_of, shared_with
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_devices import event_of
from fleetfolk.users.models import User

HTMX = {"HX-Request": "true"}


@pytest.fixture
def pump(cast: Cast) -> Device:
    """A device of North that Cleo owns, online, with a place."""
    device, _token = device_of(cast.north, "Cellar pump", owner=cast.cleo)
    with staging():
        Device.objects.filter(pk=device.pk).update(serial="SN-4711", latitude=50.1, longitude=8.6)
        Reported.objects.filter(pk=device.pk).update(online=True, reported_at=clock.now())
    return Device.objects.get(pk=device.pk)


def tab(person: User) -> str:
    return reverse("users:tab", args=[person.pk, "devices"])


def test_the_tab_has_what_a_person_owns_and_what_is_shared_with_them(
    cast: Cast, signed_in: SignedIn, pump: Device
) -> None:
    lent, _token = device_of(cast.north, "Attic fan")
    shared_with(lent, cast.cleo, ShareLevel.CONTROL)
    ended, _token = device_of(cast.north, "Old sauna")
    with staging():
        share = shared_with(ended, cast.cleo)
        share.ends_at = clock.now() - dt.timedelta(days=1)
        share.save()
    ada = signed_in(cast.ada)
    page = ada.get(tab(cast.cleo)).content.decode()
    assert all(
        word in page for word in ("Cellar pump", "Attic fan", "See and control", "2 devices", 'data-at="50.1,8.6"')
    )
    assert "Old sauna" not in page
    assert "Attic fan" not in ada.get(tab(cast.cleo), {"held": "own"}).content.decode()
    assert "Cellar pump" not in ada.get(tab(cast.cleo), {"held": "shared"}).content.decode()


def test_the_tab_leaves_out_what_the_viewer_does_not_reach(cast: Cast, signed_in: SignedIn, pump: Device) -> None:
    elsewhere, _token = device_of(cast.south, "Sauna in the south", owner=cast.cleo)
    page = signed_in(cast.finn).get(tab(cast.cleo)).content.decode()
    assert "Cellar pump" in page
    assert elsewhere.name not in page


def test_somebody_without_devices_has_a_tab_that_says_so(cast: Cast, signed_in: SignedIn) -> None:
    assert "has no devices" in signed_in(cast.ada).get(tab(cast.sue)).content.decode()


def test_the_palette_finds_devices_for_those_who_may_see_them(cast: Cast, signed_in: SignedIn, pump: Device) -> None:
    find = reverse("console:find")
    assert "Cellar pump" in signed_in(cast.ada).get(find, {"q": "4711"}, headers=HTMX).content.decode()
    for outsider in (cast.sam, cast.bob, cast.eve):
        assert "Cellar pump" not in signed_in(outsider).get(find, {"q": "cellar"}, headers=HTMX).content.decode()


@pytest.mark.parametrize("typed", ["cellar pump", "sn-4711", "4711", "token"])
def test_lookup_finds_the_owner_by_the_device_and_says_why(
    cast: Cast, signed_in: SignedIn, pump: Device, typed: str
) -> None:
    typed = pump.token_end if typed == "token" else typed
    page = signed_in(cast.ada).get(reverse("lookup:home"), {"q": typed}, headers=HTMX).content.decode()
    assert "Cleo Staff" in page
    assert 'class="why"' in page
    assert "1 person" in page


def test_lookup_leads_to_nobody_beyond_reach(cast: Cast, signed_in: SignedIn) -> None:
    device_of(cast.north, "Lent sauna", owner=cast.sue)
    page = signed_in(cast.finn).get(reverse("lookup:home"), {"q": "lent sauna"}, headers=HTMX).content.decode()
    assert "Sue South" not in page
    assert "Nobody found" in page


def test_lookup_shows_the_devices_beside_the_person(cast: Cast, signed_in: SignedIn, pump: Device) -> None:
    page = signed_in(cast.ada).get(reverse("lookup:person", args=[cast.cleo.pk]), headers=HTMX).content.decode()
    assert "Cellar pump" in page
    assert "Online" in page


def test_what_happened_to_a_device_is_in_the_stream_of_whoever_holds_it(
    cast: Cast, signed_in: SignedIn, pump: Device
) -> None:
    event_of(pump, description="Water below the tank")
    path = reverse("users:tab", args=[cast.cleo.pk, "activity"])
    page = signed_in(cast.ada).get(path, {"kind": "device"}).content.decode()
    assert "Cellar pump: Leak. Water below the tank" in page
    assert "Cellar pump" not in signed_in(cast.ada).get(path, {"kind": "device", "q": "filter"}).content.decode()
    chart = signed_in(cast.ada).get(reverse("users:activity-chart", args=[cast.cleo.pk]), {"kind": "device"})
    assert chart.status_code == 200
    # Dana sees devices, and may not see their timelines.
    assert "Leak" not in signed_in(cast.dana).get(path).content.decode()
