"""Requests that no browser of ours makes: each is answered, none breaks or fills a server."""

import base64
import json

import pytest

from fleetfolk.testing.cast import Cast
from fleetfolk.testing.plugin import SignedIn

HUGE = "99999999999999999999"
CURSORS = [
    ["\ud800", 1],
    ["0001-01-01T00:00:00+14:00", 1],
    ["9999-12-31T23:59:59-14:00", 1],
    ["2026-01-01T00:00:00+00:00", 2**63],
]


@pytest.mark.parametrize("act", ["enable", "disable", "delete", "transfer", "edit", "sessions/end", "password/reset"])
def test_a_person_whose_number_no_database_holds_is_not_found(cast: Cast, signed_in: SignedIn, act: str) -> None:
    assert signed_in(cast.ada).post(f"/users/{HUGE}/{act}/").status_code == 404


@pytest.mark.parametrize(
    "path", ["users/{}/", "users/{}/menu/", "jobs/{}/", "roles/{}/", "users/import/{}/", "jobs/{}/problems.csv"]
)
def test_a_page_of_a_number_that_no_database_holds_is_not_found(cast: Cast, signed_in: SignedIn, path: str) -> None:
    assert signed_in(cast.ada).get("/" + path.format(HUGE)).status_code == 404


@pytest.mark.parametrize("path", ["jobs/{}/cancel/", "users/import/{}/start/"])
def test_a_job_of_a_number_that_no_database_holds_is_not_found(cast: Cast, signed_in: SignedIn, path: str) -> None:
    assert signed_in(cast.ada).post("/" + path.format(HUGE)).status_code == 404


@pytest.mark.parametrize("values", CURSORS)
@pytest.mark.parametrize("sort", ["name", "last_sign_in", "created"])
def test_a_forged_place_in_the_list_is_its_beginning(
    cast: Cast, signed_in: SignedIn, values: list[object], sort: str
) -> None:
    forged = base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")
    assert signed_in(cast.ada).get("/users/", {"sort": sort, "after": forged}).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "from=0001-01-01",
        "to=9999-12-31",
        "from=0001-01-01&to=9999-12-31",
        "from=9999-12-31&to=0001-01-01",
        "person=" + HUGE,
        "before=x",
        "after=" + HUGE,
        "person=٣",
        "before=0001-01-01T00:00:00%2B14:00~1",
        "before=9999-12-31T23:59:59-14:00~1",
    ],
)
@pytest.mark.parametrize("page", ["/action-log/", "/action-log/export/", "/action-log/days/"])
def test_a_forged_period_of_the_log_is_answered(cast: Cast, signed_in: SignedIn, page: str, query: str) -> None:
    answer = signed_in(cast.ada).get(f"{page}?{query}")
    assert answer.status_code in (200, 404)
    if answer.streaming:
        b"".join(answer.streaming_content)


@pytest.mark.parametrize(
    "query", ["before=0001-01-01T00:00:00%2B14:00~1", "before=9999-12-31T23:59:59-14:00~1", "before=x~1"]
)
def test_a_forged_place_in_the_jobs_is_answered(cast: Cast, signed_in: SignedIn, query: str) -> None:
    assert signed_in(cast.ada).get(f"/jobs/?{query}").status_code == 200
