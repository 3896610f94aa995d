"""The pages of one organization, and what its dialogs do."""

import pytest

from fleetfolk.devices.models import TemplateUse
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import Cast, fresh
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.models import Invitation, User

HTMX = {"HX-Request": "true"}
NEW = {"name": "Haus am See", "kind": "client", "time_zone": "", "first_name": "", "last_name": "", "email": ""}


def test_the_page_says_where_it_is_and_what_is_in_it(cast: Cast, signed_in: SignedIn) -> None:
    device_of(cast.berg)
    body = signed_in(cast.ada).get(f"/organizations/{cast.north.pk}/").content.decode()
    assert "Users: 4" in body
    assert "Devices: 1" in body
    assert f'href="/organizations/{cast.lumen.pk}/"' in body
    below = signed_in(cast.finn).get(f"/organizations/{cast.north.pk}/").content.decode()
    assert f'href="/organizations/{cast.lumen.pk}/"' not in below


@pytest.mark.parametrize(
    ("tab", "there", "elsewhere"),
    [
        ("users", ("Cleo Staff", "Bob Berg"), "Sue South"),
        ("devices", ("Cellar",), "Barn"),
        ("organizations", ("Familie Berg",), "South"),
    ],
)
def test_its_tabs_hold_what_is_below_and_nothing_else(
    cast: Cast, signed_in: SignedIn, tab: str, there: tuple[str, ...], elsewhere: str
) -> None:
    device_of(cast.berg)
    device_of(cast.south, "Barn")
    browser = signed_in(cast.ada)
    body = browser.get(f"/organizations/{cast.north.pk}/{tab}/").content.decode()
    part = body[body.index('id="part"') :]
    assert all(name in part for name in there)
    assert elsewhere not in part
    searched = browser.get(
        f"/organizations/{cast.north.pk}/{tab}/?q={there[-1]}", headers={**HTMX, "HX-Target": "part"}
    ).content.decode()
    assert "<html" not in searched
    assert searched.count("<tr data-row") == 1


def test_its_log_is_of_it_and_below(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    body = browser.get(f"/organizations/{cast.berg.pk}/log/").content.decode()
    assert "Bob Berg" in body
    assert "Sue South" not in body


def test_a_customer_is_created_with_templates_and_an_admin_in_one_go(cast: Cast, signed_in: SignedIn) -> None:
    device, _token = device_of(cast.lumen)
    with staging():
        TemplateUse.objects.filter(template=device.template_id).delete()
    browser = signed_in(cast.ada)
    form = browser.get(f"/organizations/{cast.north.pk}/new/").content.decode()
    assert f'value="{device.template_id}"' in form
    said = {
        **NEW,
        "templates": [device.template_id],
        "first_name": "Ina",
        "last_name": "See",
        "email": "ina@see.example",
    }
    answer = browser.post(f"/organizations/{cast.north.pk}/new/", said)
    assert answer.status_code == 302, answer.content.decode()
    created = Organization.objects.get(name="Haus am See")
    assert answer["Location"] == f"/organizations/{created.pk}/"
    ina = fresh(User.objects.get(email="ina@see.example"))
    assert (ina.organization, ina.role.builtin) == (created, "admin")
    assert Invitation.objects.filter(user=ina).count() == 1
    assert TemplateUse.objects.filter(template=device.template_id, organization=created).count() == 1


def test_where_the_admin_cannot_be_invited_nothing_is_created(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    for said, text in (
        ({"email": "ina@see.example"}, "Say what the person is called."),
        ({"first_name": "Ina"}, "needs an address"),
        ({"name": "North"}, "already"),
    ):
        answer = browser.post("/organizations/new/", {**NEW, **said})
        assert answer.status_code == 422
        assert text in answer.content.decode()
    assert not Organization.objects.filter(name="Haus am See").exists()
    assert not User.objects.filter(email="ina@see.example").exists()


def test_a_transfer_says_first_who_gains_and_who_loses(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    address = f"/organizations/{cast.berg.pk}/transfer/"
    looked = browser.post(address, {"look": "1", "parent": cast.south.pk}, headers=HTMX).content.decode()
    assert "Lumen Home › South › <b>Familie Berg</b>" in looked
    assert "Sam South" in looked
    assert "Finn North" in looked
    assert "Ada Lindqvist" not in looked
    refused = browser.post(address, {"parent": cast.south.pk, "word": "transfer"})
    assert refused.status_code == 422
    assert browser.post(address, {"parent": cast.south.pk, "word": "TRANSFER"}).status_code == 302
    assert Organization.objects.get(pk=cast.berg.pk).parent_id == cast.south.pk


def test_places_are_found_by_name_but_never_below_itself(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    address = f"/organizations/{cast.north.pk}/transfer/"
    found = browser.post(address, {"look": "1", "place_query": "berg"}, headers=HTMX).content.decode()
    assert "Familie Berg" not in found
    assert "South" in browser.post(address, {"look": "1", "place_query": "sou"}, headers=HTMX).content.decode()


def test_the_menu_offers_what_can_be_done(cast: Cast, signed_in: SignedIn) -> None:
    address = f"/organizations/{cast.north.pk}/menu/"
    ada = signed_in(cast.ada).get(address).content.decode()
    for word in ("Work inside it", "New organization below", "Transfer…", "Archive…", "Delete…", "not empty"):
        assert word in ada
    dana = signed_in(cast.dana).get(address).content.decode()
    assert "Open" in dana
    assert "Edit" not in dana
    assert "Delete" not in dana


def test_work_inside_and_back(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    assert browser.post(f"/organizations/{cast.north.pk}/work/").status_code == 302
    body = browser.get("/organizations/").content.decode()
    assert "You work in" in body
    assert "Familie Berg" in body or "North" in body
    assert 'title="South"' not in body
    assert browser.get(f"/organizations/{cast.south.pk}/").status_code == 404
    browser.post("/organizations/new/", NEW)
    assert Organization.objects.get(name="Haus am See").parent_id == cast.north.pk
    assert signed_in(cast.sam).post(f"/organizations/{cast.north.pk}/work/").status_code == 404
