"""Working in another organization: what is narrowed, the way home, and a right that ends meanwhile."""

from dataclasses import replace

import pytest
from django.db import connection

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of, held_everywhere, may_work_in
from fleetfolk.access.place import SESSION_KEY
from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.actor import Place
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.actions.start_work import StartWork, StartWorkInput
from fleetfolk.users.models import User
from fleetfolk.users.permissions import VIEW_USERS

HTMX = {"HX-Request": "true"}


def take_away(cast: Cast, code: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "/* staged */ UPDATE access_role SET permissions = array_remove(permissions, %s) WHERE id = %s",
            [code, cast.ada.role_id],
        )


def test_inside_an_organization_below_one_holds_nothing_beyond_it(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    assert browser.get(f"/users/{cast.sam.pk}/").status_code == 200
    answer = browser.post("/place/", {"organization": cast.north.pk}, follow=True)
    page = answer.content.decode()
    assert "ff-placebar" in page
    assert f"You work in <b>{cast.north.name}</b>." in page
    assert "Cleo" in page
    assert "Sam" not in page
    assert browser.get(f"/users/{cast.cleo.pk}/").status_code == 200
    assert browser.get(f"/users/{cast.sam.pk}/").status_code == 404
    assert browser.post(f"/users/{cast.sam.pk}/disable/", {"reason": ""}).status_code == 404
    back = browser.post("/place/home/", follow=True).content.decode()
    assert "ff-placebar" not in back
    assert "Sam" in back
    codes = Entry.objects.filter(actor_id=str(cast.ada.pk), code__startswith="user.work").order_by("at", "id")
    assert [(entry.code, entry.facts["organization"]) for entry in codes] == [
        ("user.work.start", cast.north.name),
        ("user.work.end", cast.north.name),
    ]


@pytest.mark.parametrize("who", ["cleo", "bob", "dana"])
def test_without_the_right_to_switch_one_stays_at_home(cast: Cast, signed_in: SignedIn, who: str) -> None:
    browser = signed_in(getattr(cast, who))
    assert browser.post("/place/", {"organization": cast.south.pk}).status_code == 409
    assert SESSION_KEY not in browser.session


@pytest.mark.parametrize("where", ["evil", "nowhere"])
def test_another_tenants_organization_is_no_place(cast: Cast, signed_in: SignedIn, where: str) -> None:
    key = cast.evil.pk if where == "evil" else 2**62
    browser = signed_in(cast.ada)
    assert browser.post("/place/", {"organization": key}).status_code == 409
    session = browser.session
    session[SESSION_KEY] = key
    session.save()
    assert "You are back home." in browser.get("/", follow=True).content.decode()
    assert SESSION_KEY not in browser.session


def test_nobody_works_above_their_own_place_or_beside_it(cast: Cast) -> None:
    for person, place in [(cast.bea, cast.north), (cast.sam, cast.north), (cast.sam, cast.lumen)]:
        with pytest.raises(Refused):
            perform(StartWork, actor=actor(person), target_id=person.pk, data=StartWorkInput(organization_id=place.pk))


def test_a_right_that_ends_brings_one_home_and_nothing_that_was_sent_is_done(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    browser.post("/place/", {"organization": cast.north.pk})
    take_away(cast, "organizations.switch")
    answer = browser.post(f"/users/{cast.cleo.pk}/disable/", {"reason": ""}, headers=HTMX)
    assert answer["HX-Redirect"] == "/"
    assert User.objects.get(pk=cast.cleo.pk).is_active
    page = browser.get("/", follow=True).content.decode()
    assert f"You cannot work in {cast.north.name} any more. You are back home." in page
    assert "Sam" in page


def test_the_way_home_is_open_whatever_one_holds(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    browser.post("/place/", {"organization": cast.north.pk})
    take_away(cast, "organizations.switch")
    browser.post("/place/home/")
    assert SESSION_KEY not in browser.session


def test_the_gate_narrows_both_ways_alike(cast: Cast) -> None:
    by, north = actor(cast.ada), cast.north
    there = replace(by, place=Place(organization_id=north.pk, path=north.path, name=north.name, home=False))
    assert [grant.path for grant in grants_of(there)] == [north.path]
    listed = set(GATE.within_reach(User.objects.all(), actor=there, permission=VIEW_USERS).values_list("pk", flat=True))
    one_by_one = {row.pk for row in User.objects.all() if GATE.decide(there, VIEW_USERS, row).allowed}
    assert listed == one_by_one
    assert cast.cleo.pk in listed
    assert cast.ada.pk not in listed
    assert may_work_in(Organization.objects.get(pk=north.pk).path, held_everywhere(there))


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/settings/", "Settings of North"),
        ("/settings/tags/", "Settings of North"),
        ("/users/invite/", "Invite user"),
        ("/locations/new/", "Add it"),
        ("/devices/new/", "Add device"),
        ("/messages/new/", "North"),
    ],
)
def test_what_is_made_while_one_works_there_is_made_there(
    cast: Cast, signed_in: SignedIn, address: str, says: str
) -> None:
    browser = signed_in(cast.ada)
    browser.post("/place/", {"organization": cast.north.pk})
    answer = browser.get(address, follow=True)
    assert answer.status_code == 200
    assert says in answer.content.decode()


def test_somebody_invited_from_inside_is_at_home_there(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    browser.post("/place/", {"organization": cast.north.pk})
    sent = {"first_name": "Nils", "last_name": "New", "email": "nils@new.example", "role": cast.role("user").pk}
    assert browser.post("/users/invite/", sent).status_code == 302
    assert User.objects.get(email="nils@new.example").organization_id == cast.north.pk
