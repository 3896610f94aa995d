"""Ctrl-K: people, organizations and pages, each only where the viewer may see it."""

import pytest

from fleetfolk.testing.cast import Cast, actor, create_organization
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.models import User


def found(signed_in: SignedIn, who: User, query: str) -> str:
    return signed_in(who).get("/find/", {"q": query}, headers={"HX-Request": "true"}).content.decode()


def test_people_and_organizations_are_found_by_part_of_a_name(cast: Cast, signed_in: SignedIn) -> None:
    page = found(signed_in, cast.ada, "berg")
    for said in (">Familie <mark>Berg</mark>", ">Bob <mark>Berg</mark>", ">Bea <mark>Berg</mark>"):
        assert said in page
    assert "<html" not in page
    assert "<mark>Fam</mark>ilie <mark>Be</mark>rg" in found(signed_in, cast.ada, "be fam")


def test_accents_and_case_are_ignored_and_short_words_begin_a_word(cast: Cast, signed_in: SignedIn) -> None:
    create_organization(cast.lumen, "Ørsted Wärme", by=cast.ada)
    for query in ("orsted", "WARME", "ors warm", "w"):
        assert "Wärme" in found(signed_in, cast.ada, query).replace("<mark>", "").replace("</mark>", ""), query
    assert "Wärme" not in found(signed_in, cast.ada, "rm")


@pytest.mark.parametrize(
    ("who", "query", "hidden"),
    [
        ("sam", "berg", "Berg</mark>"),
        ("finn", "south", "South</mark>"),
        ("eve", "berg", "Berg</mark>"),
        ("eve", "ada", "Ada</mark>"),
        ("bea", "north", "North</mark>"),
        ("bob", "berg", "Berg</mark>"),
    ],
)
def test_what_is_out_of_reach_is_not_found(cast: Cast, signed_in: SignedIn, who: str, query: str, hidden: str) -> None:
    page = found(signed_in, getattr(cast, who), query)
    assert hidden not in page
    assert "Nothing found" in page


def test_the_organization_above_ones_own_is_not_named(cast: Cast, signed_in: SignedIn) -> None:
    page = found(signed_in, cast.finn, "north")
    assert "<mark>North</mark>" in page
    assert "Lumen" not in page


def test_pages_are_those_of_the_sidebar(cast: Cast, signed_in: SignedIn) -> None:
    assert "/action-log/" in found(signed_in, cast.dana, "log")
    assert "/action-log/" not in found(signed_in, cast.bob, "log")
    assert "/roles/" in found(signed_in, cast.ada, "")


def test_it_is_a_page_of_its_own_without_a_script(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.ada).get("/find/?q=cleo").content.decode()
    assert "<html" in page
    assert f"/users/{cast.cleo.pk}/" in page


def test_signs_that_mean_something_in_a_pattern_find_nothing_more(cast: Cast, signed_in: SignedIn) -> None:
    for query in ("%", "_", "\\", "'", "100%", "\0"):
        assert "<mark>" not in found(signed_in, cast.ada, query)


def test_people_are_offered_as_choices_of_a_filter(cast: Cast, signed_in: SignedIn) -> None:
    def offered(who: User) -> str:
        return signed_in(who).get("/find/people/?q=cleo", headers={"HX-Request": "true"}).content.decode()

    assert f'name="person" value="{cast.cleo.pk}"' in offered(cast.finn)
    for stranger in (cast.sam, cast.eve, cast.bob):
        assert "Nobody is called that" in offered(stranger)
    assert actor(cast.finn).tenant_id == cast.lumen.pk
