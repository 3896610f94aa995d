"""A page of people asks the database the same number of questions, however many people are on it."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from fleetfolk.testing.cast import Cast, accept, invite
from fleetfolk.testing.plugin import SignedIn

# Session, viewer with rights, which people, what stands in their rows; of words, which tags have them, and those that
# are not ASCII are folded first.
TABLE = 4
TABLE_WITH_WORDS = 5
TABLE_WITH_FOREIGN_WORDS = 6
# All people of a place are counted with their first page, the hidden ones apart; the matches of words and filters on a
# request of their own.
TABLE_THAT_GOES_ON = 6
COUNT_OF_MATCHES = 5
SEGMENTS_ABOVE = 1
HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "people"}


@pytest.fixture
def browser(cast: Cast, signed_in: SignedIn) -> Client:
    """Ada's, with more people below her than fit on a page."""
    for number in range(30):
        person = invite(cast.north, f"Many{number} People", cast.role("user"), email=f"many{number}@lumenhome.example")
        if number < 3:
            accept(person)
    return signed_in(cast.ada)


def rows(page: bytes) -> int:
    return page.count(b"data-row=")


@pytest.mark.parametrize(
    ("address", "people", "queries"),
    [
        ("/users/?status=inactive&q=many1", 1, TABLE_WITH_WORDS),
        ("/users/?status=pending&q=many2", 10, TABLE_WITH_WORDS),
        ("/users/?status=pending&q=many9", 1, TABLE_WITH_WORDS),
        ("/users/?status=inactive", 12, TABLE),
        ("/users/?q=nobody+at+all", 0, TABLE_WITH_WORDS - 1),
        ("/users/?q=many", 25, TABLE_WITH_WORDS),
        ("/users/?q=m%C3%A4ny", 25, TABLE_WITH_FOREIGN_WORDS),
        ("/users/", 25, TABLE_THAT_GOES_ON),
    ],
)
def test_a_page_of_many_asks_as_often_as_a_page_of_one(
    browser: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    address: str,
    people: int,
    queries: int,
) -> None:
    browser.get(address, **HTMX)  # type: ignore[arg-type]
    with django_assert_num_queries(queries):
        answer = browser.get(address, **HTMX)  # type: ignore[arg-type]
    assert rows(answer.content) == people


def test_the_whole_page_asks_besides_its_table_for_the_segments_above_it_alone(
    browser: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser.get("/jobs/")  # A session that is new says first that it was seen.
    with django_assert_num_queries(TABLE_THAT_GOES_ON + SEGMENTS_ABOVE):
        answer = browser.get("/users/")
    assert rows(answer.content) == 25


def test_the_matches_of_words_are_counted_on_a_request_of_their_own(
    browser: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    listed = browser.get("/users/?q=many&sort=name", **HTMX).content.decode()  # type: ignore[arg-type]
    assert 'hx-get="/users/count/?q=many&amp;sort=name"' in listed
    assert "data-announce" not in listed
    with django_assert_num_queries(COUNT_OF_MATCHES):
        counted = browser.get("/users/count/?q=many&sort=name", **HTMX).content.decode()  # type: ignore[arg-type]
    assert "30 match<" in counted
    assert '<span id="pager-total" hx-swap-oob="true">30</span>' in counted


def test_on_the_next_page_the_number_stays(browser: Client) -> None:
    listed = browser.get("/users/?q=many&sort=name", **HTMX).context["next_url"]  # type: ignore[arg-type]
    later = browser.get(f"/users/{listed}", **HTMX).content.decode()  # type: ignore[arg-type]
    assert later.count("hx-preserve") == 2
