"""The portal: what customers see, and that they see nothing else."""

import datetime as dt
import re

import pytest
from django.test import Client

from fleetfolk.testing.cast import PEOPLE, Cast, fresh
from fleetfolk.testing.door import staging
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.web.home import greeting

PAGES = ["/", "/account/", "/account/action-log/", "/account/messages/"]
CONSOLE = ["/users/", "/roles/", "/action-log/", "/users/invite/", "/users/import/"]


def body_of(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_customer_arrives_in_the_portal_and_staff_at_the_people(cast: Cast, signed_in: SignedIn) -> None:
    body = body_of(signed_in(cast.bob), "/")
    assert "Lumen Home" in body
    assert "Familie Berg" in body
    assert "Your devices will be here" in body
    assert signed_in(cast.cleo).get("/")["Location"] == "/users/"


def test_whoever_is_signed_out_comes_back_after_signing_in(db: None) -> None:
    assert Client().get("/")["Location"] == "/sign-in/?next=/"


@pytest.mark.parametrize("path", PAGES)
def test_no_page_of_the_portal_leads_into_the_console_or_names_anybody(
    cast: Cast, signed_in: SignedIn, path: str
) -> None:
    body = body_of(signed_in(cast.sue), path)
    assert not [place for place in CONSOLE if f'href="{place}' in body]
    # Ada invited her, and that is in her own log.
    assert not [name for name in PEOPLE if name not in {"Sue", "Ada"} and f"{name} " in body]


@pytest.mark.parametrize("path", CONSOLE)
def test_a_page_of_the_console_is_refused_and_names_nobody(cast: Cast, signed_in: SignedIn, path: str) -> None:
    answer = signed_in(cast.bob).get(path)
    assert answer.status_code == 403
    assert not [name for name in PEOPLE if name in answer.content.decode()]


def test_also_what_is_refused_or_not_there_looks_as_the_portal_does(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.bob)
    for path, status in (("/users/", 403), ("/users/999999/", 404)):
        answer = browser.get(path)
        page = answer.content.decode()
        assert answer.status_code == status
        assert f"<span>{cast.lumen.name}</span>" in page
        assert f"· {cast.lumen.name}</title>" in page
        assert 'data-theme-choice="auto"' in page
        assert '<body class="ff-portal">' in page, "the style sheet of a look colours nothing else"


@pytest.mark.parametrize("person", ["ada", "eve", "bea"])
def test_a_page_about_somebody_is_not_there(cast: Cast, signed_in: SignedIn, person: str) -> None:
    answer = signed_in(cast.bob).get(f"/users/{getattr(cast, person).pk}/")
    assert answer.status_code == 404
    assert getattr(cast, person).last_name not in answer.content.decode().replace("Familie Berg", "")


def test_today_tells_what_bob_did_and_not_what_others_did(cast: Cast, signed_in: SignedIn) -> None:
    bobs = signed_in(cast.bob)
    bobs.post("/account/", {"nickname": "Bobby"})
    signed_in(cast.bea).post("/account/", {"nickname": "Beatrix"})
    body = body_of(bobs, "/")
    assert "Edited their profile" in body or "Edited your profile" in body
    assert "Bobby" in body
    assert "Beatrix" not in body


@pytest.mark.parametrize(
    ("hour", "words"),
    [(5, "Good morning"), (12, "Good afternoon"), (18, "Good evening"), (23, "Good evening"), (2, "Hello")],
)
def test_the_greeting_is_that_of_the_hour(cast: Cast, hour: int, words: str) -> None:
    assert greeting(cast.bob, dt.datetime(2026, 11, 22, hour, 30, tzinfo=dt.UTC)) == f"{words}, Bob"


def test_the_greeting_uses_the_name_that_one_likes(cast: Cast) -> None:
    with staging():
        cast.bob.nickname = "Bobby"
        cast.bob.save(update_fields=["nickname"])
    assert greeting(fresh(cast.bob), dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC)) == "Good morning, Bobby"


@pytest.mark.parametrize(
    ("path", "place"), [("/", "Home"), ("/account/", "Account"), ("/account/messages/", "Messages")]
)
def test_both_bars_say_where_one_is(cast: Cast, signed_in: SignedIn, path: str, place: str) -> None:
    body = body_of(signed_in(cast.bob), path)
    current = [part.partition("</a>")[0] for part in body.split('aria-current="page">')[1:]]
    words = [re.sub(r"<[^>]*>", "", text).strip() for text in current]
    assert words[:1] == [place]
    assert words.count(place) >= 2
