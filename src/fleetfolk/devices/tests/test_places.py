"""Locations: what they are called, where they stand, who and what belongs to them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fleetfolk.actionlog.models import Entry
from fleetfolk.devices.models import Device
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.actions import EditLocation, EditLocationInput
from fleetfolk.organizations.models import Location, LocationWord
from fleetfolk.organizations.queries import location_word_of
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_places import depot
from fleetfolk.users.models import User


@pytest.fixture
def adas(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.ada)


def post(browser: Client, name: str, /, *args: Any, **data: Any) -> Any:
    return browser.post(reverse(f"places:{name}", args=args), data)


def body(browser: Client, name: str, /, *args: Any, **query: str) -> str:
    answer = browser.get(reverse(f"places:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_nearest_organization_upwards_that_says_a_word_decides(cast: Cast, signed_in: SignedIn) -> None:
    assert location_word_of(cast.berg) == LocationWord.LOCATION
    post(signed_in(cast.ada), "word", word="facility")
    post(signed_in(cast.finn), "word", word="site")
    assert [location_word_of(one) for one in (cast.south, cast.berg)] == [LocationWord.FACILITY, LocationWord.SITE]
    assert "Add the first facility" in body(signed_in(cast.ada), "list")
    assert "As the organization above (now: Facility)" in body(signed_in(cast.finn), "word")
    for page in ("/users/", "/devices/", "/devices/map/"):
        shown = signed_in(cast.ada).get(page).content.decode()
        assert "Facilities</a>" in shown, "in the navigation"
        assert "Find a facility" in shown, "in the filters"
        assert "Location" not in shown
    assert "Job site" in signed_in(cast.finn).get("/users/").content.decode()
    assert "Job site" in signed_in(cast.ada).get(f"/users/{cast.cleo.pk}/").content.decode(), "as they call it there"
    post(signed_in(cast.finn), "word", word="")
    assert location_word_of(fresh(cast.bob).organization) == LocationWord.FACILITY


def test_a_location_is_added_with_coordinates_and_stands_on_the_map(cast: Cast, adas: Client) -> None:
    assert post(adas, "create", name="  Main   depot", address="Hafen 1", place="53.5511, 9.9937").status_code == 302
    made = Location.objects.get(tenant=cast.lumen, name="Main depot")
    assert made.place == (53.5511, 9.9937)
    assert 'data-at="53.551100,9.993700"' in body(adas, "list")
    assert 'data-at="53.551100,9.993700"' in body(adas, "detail", made.pk)
    assert "53.5511, 9.9937" in body(adas, "edit", made.pk)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Depot"}, "name"),
        ({"place": "here"}, "place"),
        ({"place": "91, 10"}, "place"),
        ({"place": "53.5, 181"}, "place"),
    ],
)
def test_what_no_location_can_be_comes_back(cast: Cast, signed_in: SignedIn, data: dict[str, str], field: str) -> None:
    depot(cast)
    answer = post(signed_in(cast.finn), "create", **{"name": "New", "place": "", **data})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_a_place_beyond_the_world_is_refused_whatever_the_door(cast: Cast) -> None:
    data, key = EditLocationInput(name="Depot", place=(0.0, 200.0)), depot(cast).pk
    with pytest.raises(Refused, match="location_place_unfit"):
        perform(EditLocation, actor=actor(cast.ada), target_id=key, data=data)


def test_many_people_are_assigned_at_once_each_with_an_entry(cast: Cast, adas: Client) -> None:
    place = depot(cast)
    page = body(adas, "assign-people", place.pk)
    assert "Cleo Staff" in page
    assert "Bob Berg" not in page
    found = body(adas, "assign-people", place.pk, find="cleo")
    assert "Cleo Staff" in found
    assert "Finn" not in found
    keys = [cast.cleo.pk, cast.finn.pk, cast.sam.pk, "no-key"]
    post(adas, "assign-people", place.pk, key=keys)
    assert set(User.objects.filter(location=place)) == {cast.cleo, cast.finn}
    entries = Entry.objects.filter(code="user.location.assign")
    assert sorted(entries.values_list("result", flat=True)) == ["done", "done", "refused"]
    assert entries.values("batch_id").distinct().count() == 1
    page = body(adas, "detail", place.pk)
    assert "Cleo Staff" in page
    post(adas, "remove-person", place.pk, cast.cleo.pk)
    assert fresh(cast.cleo).location_id is None


def test_devices_of_the_organization_and_below_are_assigned(cast: Cast, adas: Client, signed_in: SignedIn) -> None:
    place = depot(cast)
    mine, _token = device_of(cast.berg, "Cellar")
    other, _token = device_of(cast.south, "Roof")
    page = body(adas, "assign-devices", place.pk)
    assert "Cellar" in page
    assert "Roof" not in page
    post(adas, "assign-devices", place.pk, key=[mine.pk, other.pk])
    assert list(Device.objects.filter(location=place)) == [mine]
    assert "Cellar" in body(adas, "detail", place.pk)
    assert post(signed_in(cast.sam), "remove-device", place.pk, mine.pk).status_code == 404
    post(adas, "remove-device", place.pk, mine.pk)
    assert not Device.objects.filter(location=place).exists()


def test_deleting_says_who_is_there_and_leaves_them(cast: Cast, adas: Client) -> None:
    place = depot(cast)
    device, _token = device_of(cast.north, "Cellar")
    with staging():
        User.objects.filter(pk=cast.cleo.pk).update(location=place)
        Device.objects.filter(pk=device.pk).update(location=place)
    assert "people 1, devices 1" in body(adas, "delete", place.pk)
    post(adas, "delete", place.pk)
    assert fresh(cast.cleo).location_id is None
    assert Device.objects.get(pk=device.pk).location_id is None
    assert not Location.objects.filter(pk=place.pk).exists()


def test_whoever_sees_no_devices_is_not_told_of_them(cast: Cast, signed_in: SignedIn) -> None:
    place = depot(cast)
    device, _token = device_of(cast.north, "Cellar")
    with staging():
        Device.objects.filter(pk=device.pk).update(location=place)
        cast.dana.role.permissions = ["locations.view"]
        cast.dana.role.save(update_fields=["permissions"])
    page = body(signed_in(cast.dana), "detail", place.pk)
    assert "Depot" in page
    assert "Cellar" not in page
    assert "Assign" not in page
