"""Customer lookup: who is found by whom, why, and what can be done from there."""

import re
from typing import Any

import pytest
from django.test import Client

from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, accept, actor, invite
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.no_input import ReasonInput
from fleetfolk.users.actions.start_session import StartSession, StartSessionInput
from fleetfolk.users.models import User

HTMX = {"HX-Request": "true", "HX-Target": "results"}


def look_up(browser: Client, query: str, **more: int) -> str:
    asked: dict[str, str | int] = {"q": query, **more}
    answer = browser.get("/lookup/", asked, headers=HTMX)
    assert answer.status_code == 200
    return str(answer.content.decode())


def hits(page: str) -> list[int]:
    return [int(key) for key in re.findall(r'<li data-row="(\d+)"', page)]


def open_person(browser: Client, person: User) -> str:
    answer = browser.get(f"/lookup/{person.pk}/", headers={"HX-Request": "true", "HX-Target": "pane"})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_everybody_within_reach_is_found_by_what_one_has_heard(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.cleo)
    for heard in ("bob", "Bob Berg", "bob@lumenhome", "berg"):
        assert cast.bob.pk in hits(look_up(browser, heard)), heard
    assert hits(look_up(browser, "nobody here")) == []
    assert "Nobody found for “nobody here”" in look_up(browser, "nobody here")


@pytest.mark.parametrize(("who", "name"), [("cleo", "sam"), ("bea", "cleo"), ("sam", "bob"), ("eve", "bob")])
def test_who_is_out_of_reach_is_not_found_and_cannot_be_opened(
    cast: Cast, signed_in: SignedIn, who: str, name: str
) -> None:
    browser, person = signed_in(getattr(cast, who)), getattr(cast, name)
    assert person.pk not in hits(look_up(browser, person.first_name))
    assert person.pk not in hits(look_up(browser, person.email))
    assert browser.get(f"/lookup/{person.pk}/").status_code == 404
    page = browser.get("/lookup/", {"person": person.pk}).content.decode()
    assert person.name not in page, "an address that names somebody tells nothing of them"


def test_without_the_permission_there_is_no_lookup(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.bob)
    assert browser.get("/lookup/").status_code == 403
    assert browser.get("/lookup/", {"q": "bob"}).status_code == 403
    assert browser.get(f"/lookup/{cast.bob.pk}/").status_code == 404
    assert "/lookup/" not in browser.get("/").content.decode()


def test_a_hit_says_why_where_it_does_not_show_it(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    by_name = look_up(browser, "bob")
    assert "<mark>Bob</mark> Berg" in by_name
    by_address = look_up(browser, "lumenhome.example bob")
    assert "<mark>" in by_address
    assert '<div class="why">Role <mark>Admin</mark></div>' in look_up(browser, "finn admin")


def test_the_first_that_fits_is_opened_and_stays_while_it_fits(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    page = look_up(browser, "berg")
    first, second = hits(page)[:2]
    assert f'hx-get="/lookup/{first}/?q=berg"' in page.partition("<ul")[0]
    stays = look_up(browser, "berg", person=second)
    assert 'hx-trigger="load' not in stays
    assert re.search(rf'<li data-row="{second}" aria-current="true"', stays)
    gone = look_up(browser, "cleo", person=second)
    assert f'hx-get="/lookup/{cast.cleo.pk}/?q=cleo"' in gone.partition("<ul")[0]
    assert '<div id="pane" hx-swap-oob="innerHTML"></div>' in look_up(browser, "xylophon", person=second)


def test_what_can_be_done_is_what_the_gate_allows_in_the_person_s_state(cast: Cast, signed_in: SignedIn) -> None:
    staff, bob = signed_in(cast.cleo), cast.bob
    for page in (look_up(staff, "bob berg"), open_person(staff, bob)):
        assert f"/users/{bob.pk}/disable/" in page
        assert f"/users/{bob.pk}/password/reset/" in page
        assert f"/users/{bob.pk}/enable/" not in page
    page = look_up(staff, "bob berg")
    assert page.count('class="acts"') == len(hits(page))
    for page in (look_up(staff, "finn"), open_person(staff, cast.finn)):
        assert f"/users/{cast.finn.pk}/disable/" not in page, "Finn holds more than Cleo"
    assert "holds rights that you do not" in open_person(staff, cast.finn)
    perform(DisableUser, actor=actor(cast.ada), target_id=bob.pk, data=ReasonInput())
    for page in (look_up(staff, "bob berg"), open_person(staff, bob)):
        assert f"/users/{bob.pk}/enable/" in page
        assert f"/users/{bob.pk}/disable/" not in page
        assert f"/users/{bob.pk}/password/reset/" not in page
        assert "Disabled" in page
    for page in (look_up(signed_in(cast.dana), "bob berg"), open_person(signed_in(cast.dana), bob)):
        assert "/enable/" not in page


def test_after_an_act_the_agent_is_where_they_were(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.cleo)
    done = browser.post(f"/users/{cast.bob.pk}/disable/", {"reason": ""}, headers={"HX-Request": "true"})
    assert done.status_code == 204
    assert "users:changed" in done["HX-Trigger"]
    page = browser.get("/lookup/").content.decode()
    assert "users:changed from:body" in page.partition('id="lookup"')[2].partition(">")[0]
    assert "users:changed from:body" in open_person(browser, cast.bob)


def failed_to_sign_in(person: User) -> None:
    with pytest.raises(Refused):
        perform(StartSession, actor=actor(person), target_id=person.pk, data=StartSessionInput())


def test_failed_sign_ins_ask_for_attention_of_who_may_read_the_log(cast: Cast, signed_in: SignedIn) -> None:
    assert "failed sign-in" not in open_person(signed_in(cast.ada), cast.bob)
    perform(DisableUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=ReasonInput())
    failed_to_sign_in(cast.bob)
    failed_to_sign_in(cast.bob)
    page = open_person(signed_in(cast.ada), cast.bob)
    assert "2 failed sign-ins, the last at" in page
    assert "Sign in: refused" in page
    assert "Ada Lindqvist disabled Bob Berg" in page


def test_words_of_a_stranger_are_text(cast: Cast, signed_in: SignedIn) -> None:
    person = accept(invite(cast.berg, "<b>Mallory</b> O'Neil", cast.role("user"), by=cast.ada, email="m@evil.example"))
    page = look_up(signed_in(cast.ada), "mallory")
    assert person.pk in hits(page)
    assert "<b>" not in page
    answer = signed_in(cast.ada).get("/lookup/", {"q": '"><script>alert(1)</script>', "person": "x\0"})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_the_number_of_statements_does_not_grow_with_the_hits(
    cast: Cast, signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    browser = signed_in(cast.ada)
    look_up(browser, "cleo")
    with django_assert_max_num_queries(QUERIES):
        assert len(hits(look_up(browser, "cleo"))) == 1
    for number in range(20):
        invite(cast.berg, f"Clone Nr{number}", cast.role("user"), by=cast.ada, email=f"clone{number}@x.example")
    with django_assert_max_num_queries(QUERIES):
        page = look_up(browser, "clone")
    assert len(hits(page)) == 12
    assert "The first 12 are shown" in page
    assert "20 people" in page or "12+ people" in page
    with django_assert_max_num_queries(PANE_QUERIES):
        open_person(browser, cast.bob)


QUERIES = 10
PANE_QUERIES = 17
