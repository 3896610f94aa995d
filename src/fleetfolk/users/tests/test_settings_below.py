"""Settings of organizations below: opened and edited from above by the gate, found by name, and nobody else's."""

import pytest

from fleetfolk.actionlog.models import Entry
from fleetfolk.organizations.models import CustomField, Organization
from fleetfolk.organizations.queries import rules_of
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.plugin import SignedIn

HTMX = {"HX-Request": "true", "HX-Target": "homes"}


def settings_of(organization: Organization, more: str = "") -> str:
    return f"/organizations/{organization.pk}/settings/{more}"


def test_an_admin_above_reads_and_changes_the_rules_of_a_branch(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    page = browser.get(settings_of(cast.north)).content.decode()
    assert "Settings of North" in page
    assert f'action="{settings_of(cast.north)}"' in page
    answer = browser.post(settings_of(cast.north), {"second_factor": "yes"})
    assert (answer.status_code, answer["Location"]) == (302, settings_of(cast.north))
    assert rules_of(Organization.objects.get(pk=cast.berg.pk)).second_factor
    assert not rules_of(Organization.objects.get(pk=cast.lumen.pk)).second_factor
    entry = Entry.objects.filter(code="organization.rules.edit").latest("at")
    assert (entry.actor_label, entry.target_label) == ("Ada Lindqvist", "North")


def test_an_admin_above_keeps_the_fields_of_a_branch(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    answer = browser.post(settings_of(cast.north, "fields/new/"), {"name": "Boiler", "kind": "text"})
    assert answer["Location"] == settings_of(cast.north, "fields/")
    field = CustomField.objects.get(name="Boiler")
    assert field.organization_id == cast.north.pk
    assert f'id="edit-field-{field.pk}"' in browser.get(settings_of(cast.north, "fields/")).content.decode()
    assert f'id="edit-field-{field.pk}"' not in browser.get(settings_of(cast.berg, "fields/")).content.decode()
    answer = browser.post(f"/settings/fields/{field.pk}/", {"name": "Boiler room"})
    assert answer["Location"] == settings_of(cast.north, "fields/")
    answer = browser.post(f"/settings/fields/{field.pk}/archive/")
    assert answer["Location"] == settings_of(cast.north, "fields/")


def test_one_s_own_has_the_short_address(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.finn).get(settings_of(cast.north)).content.decode()
    assert 'action="/settings/"' in page


@pytest.mark.parametrize(
    ("who", "where", "status"),
    [
        ("eve", "north", 404),
        ("sam", "north", 404),
        ("bea", "north", 404),
        ("finn", "lumen", 404),
        ("finn", "south", 404),
        ("cleo", "north", 403),
        ("cleo", "berg", 403),
        ("dana", "north", 403),
        ("finn", "berg", 200),
    ],
)
def test_nobody_opens_what_is_above_beside_or_elsewhere(
    cast: Cast, signed_in: SignedIn, who: str, where: str, status: int
) -> None:
    browser, place = signed_in(getattr(cast, who)), getattr(cast, where)
    for more in ("", "fields/", "fields/new/"):
        assert browser.get(settings_of(place, more)).status_code == status, more
    said = {"name": "Theirs", "kind": "text", "second_factor": "yes"}
    assert browser.post(settings_of(place), said).status_code == (status if status != 200 else 302)
    assert browser.post(settings_of(place, "fields/new/"), said).status_code == (status if status != 200 else 302)
    if status != 200:
        assert not CustomField.objects.filter(name="Theirs").exists()
        assert not rules_of(Organization.objects.get(pk=place.pk)).second_factor
        tried = Entry.objects.filter(code__in=("organization.rules.edit", "field.create")).exclude(result="done")
        assert tried.count() == 2


def test_organizations_are_found_by_name_within_reach(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    assert 'id="other-home"' in browser.get("/settings/").content.decode()
    every = browser.get("/settings/organizations/").content.decode()
    assert [name in every for name in ("North", "South", "Familie Berg", "Evil Corp")] == [True, True, True, False]
    found = browser.get("/settings/organizations/", {"find": "berg"}, headers=HTMX).content.decode()
    assert settings_of(cast.berg) in found
    assert settings_of(cast.north) not in found
    assert "<html" not in found
    assert "No organization is called so" in browser.get("/settings/organizations/?find=evil").content.decode()
    theirs = signed_in(cast.finn).get("/settings/organizations/").content.decode()
    assert settings_of(cast.berg) in theirs
    assert settings_of(cast.south) not in theirs
    assert signed_in(cast.cleo).get("/settings/organizations/").status_code == 403
    assert 'id="other-home"' not in signed_in(cast.bea).get("/settings/").content.decode()
