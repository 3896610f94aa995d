"""Somebody who is a guest in a thousand organizations: no more statements than for one, and each place is found."""

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from fleetfolk.access.models_guests import Membership
from fleetfolk.devices import listing
from fleetfolk.devices.listing import devices_listed, reach_of
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import Client
from fleetfolk.organizations.models import Organization, OrganizationKind
from fleetfolk.organizations.queries import keys_below
from fleetfolk.testing.cast import Cast, fresh
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.models import User

MANY = 1_000
PAGES = ("/users/", "/devices/", "/place/choose/", "/place/choose/?find=client+77", "/account/organizations/")


def guest_of(cast: Cast, person: User, number: int, *, word: str) -> list[Organization]:
    """The person is Staff in so many organizations of the tenant."""
    with staging():
        Organization.objects.bulk_create(
            Organization(
                tenant_id=0, parent=cast.south, name=f"{word} {n}", kind=OrganizationKind.CLIENT, time_zone="UTC"
            )
            for n in range(number)
        )
        places = list(Organization.objects.filter(parent=cast.south, name__startswith=f"{word} ").order_by("pk"))
        staff = cast.role("staff")
        Membership.objects.bulk_create(
            Membership(
                tenant_id=cast.lumen.pk,
                organization=place,
                user=person,
                email=person.email,
                role=staff,
                accepted_at=clock.now(),
                invited_by_id=0,
                invited_by_label="Ada",
            )
            for place in places
        )
    return places


def statements(browser: Browser, path: str) -> int:
    """How many a warm page asks."""
    assert browser.get(path).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        browser.get(path)
    return len(asked)


def test_a_thousand_places_ask_no_more_than_one(cast: Cast, signed_in: SignedIn) -> None:
    first = guest_of(cast, cast.finn, 1, word="First")[0]
    device_of(first)
    browser = signed_in(fresh(cast.finn))
    few = [statements(browser, path) for path in PAGES]
    places = guest_of(cast, cast.finn, MANY, word="Client")
    with connection.cursor() as cursor:  # As the database's own caretaker does within a minute of so much that is new.
        cursor.execute("ANALYZE organizations_organization, access_membership")
    assert fresh(cast.finn).guest_roles == MANY + 1
    device, _token = device_of(places[-1], "Far away")
    browser = signed_in(fresh(cast.finn))
    many = [statements(browser, path) for path in PAGES]
    assert all(after <= before + 1 for after, before in zip(many, few, strict=True)), (few, many)
    assert str(device) in browser.get("/devices/").content.decode()
    found = browser.get("/place/choose/", {"find": "client 77"}).content.decode()
    assert f'value="{places[77].pk}"' in found
    assert f'value="{places[78].pk}"' not in found


def test_many_places_reach_what_each_of_them_reaches(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for by key, or by path: the same organizations, those below one another once, and nobody else's."""
    places = guest_of(cast, cast.finn, 12, word="Many")
    with staging():
        below = Organization(parent=places[0], name="Below", kind=OrganizationKind.CLIENT, time_zone="UTC")
        below.save(force_insert=True)
        below.refresh_from_db()
    every = Organization.objects.order_by("pk")
    for chosen in ([], places, [*places, below], [cast.south, *places], [cast.evil, places[3]]):
        paths = [place.path for place in chosen]
        reached = [
            one.pk
            for one in every
            if one.tenant_id == cast.lumen.pk and any(one.path.startswith(path) for path in paths)
        ]
        assert sorted(keys_below(cast.lumen.pk, paths)) == reached
    devices = [device_of(place, place.name)[0] for place in (*places, below, cast.south)]
    actor = fresh(cast.finn).as_actor(Client.WEB)
    by_key = devices_listed(reach_of(actor))
    assert reach_of(actor).homes is not None
    monkeypatch.setattr(listing, "BRANCHES", 100)
    assert reach_of(actor).branches is not None
    assert by_key.page.ids == devices_listed(reach_of(actor)).page.ids
    assert {str(row.id) for row in by_key.rows} == {str(key.pk) for key in devices[:-1]}
