"""Somebody who is a guest in a thousand organizations: no more statements than for one, and each place is found."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fleetfolk.access.models_guests import Membership
from fleetfolk.kernel import clock
from fleetfolk.organizations.models import Organization, OrganizationKind
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


def statements(browser: Client, path: str) -> int:
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
    assert fresh(cast.finn).guest_roles == MANY + 1
    device, _token = device_of(places[-1], "Far away")
    browser = signed_in(fresh(cast.finn))
    many = [statements(browser, path) for path in PAGES]
    assert all(after <= before + 1 for after, before in zip(many, few, strict=True)), (few, many)
    assert str(device) in browser.get("/devices/").content.decode()
    found = browser.get("/place/choose/", {"find": "client 77"}).content.decode()
    assert f'value="{places[77].pk}"' in found
    assert f'value="{places[78].pk}"' not in found
