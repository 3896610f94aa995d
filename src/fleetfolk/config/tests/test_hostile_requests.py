"""Requests that no browser of ours makes: each is answered, none breaks or fills a server."""

import base64
import json
from typing import Any

import pytest
from django.test import Client

from fleetfolk.kernel.measures import REQUESTS
from fleetfolk.testing.cast import PASSWORD, Cast
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
    assert answer.status_code == 200
    assert answer.getvalue()


@pytest.mark.parametrize(
    "query", ["before=0001-01-01T00:00:00%2B14:00~1", "before=9999-12-31T23:59:59-14:00~1", "before=x~1"]
)
def test_a_forged_place_in_the_jobs_is_answered(cast: Cast, signed_in: SignedIn, query: str) -> None:
    assert signed_in(cast.ada).get(f"/jobs/?{query}").status_code == 200


def test_words_that_strangers_use_as_a_method_are_not_remembered(cast: Cast) -> None:
    for number in range(20):
        Client().generic(f"PLUNDER{number}", "/sign-in/")
    counted = [sample.labels.get("method", "") for metric in REQUESTS.collect() for sample in metric.samples]
    assert "other" in counted
    assert not [method for method in counted if method.startswith("PLUNDER")]


@pytest.mark.parametrize("given", ["", "Bearer wrong", "Bearer caf\u00e9"])
def test_the_measures_are_only_for_who_holds_the_token(settings: Any, given: str) -> None:
    settings.FLEETFOLK_METRICS_TOKEN = "a-token"
    assert Client().get("/metrics", headers={"Authorization": given}).status_code == 403
    assert Client().get("/metrics", headers={"Authorization": "Bearer a-token"}).status_code == 200


def test_the_measures_are_for_this_machine_where_there_is_no_token() -> None:
    assert Client().get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 200
    assert Client().get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 403
    assert (
        Client().get("/metrics", REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 403
    )


def test_the_measures_are_for_nobody_who_came_past_the_proxies(settings: Any) -> None:
    settings.FLEETFOLK_PROXIES = settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    past = {"X-Forwarded-For": "127.0.0.1"}
    assert Client().get("/metrics", REMOTE_ADDR="127.0.0.1", headers=past).status_code == 403


@pytest.mark.parametrize("said", ["192.0.2.7", "unknown, 192.0.2.7", "[, 192.0.2.7", "x" * 10_000 + ",192.0.2.7"])
def test_nobody_signs_in_from_an_address_that_no_proxy_vouches_for(cast: Cast, settings: Any, said: str) -> None:
    """Else each guess could come from another address."""
    settings.FLEETFOLK_PROXIES = settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    given = {"login": cast.ada.email, "password": PASSWORD}
    proxied = Client(headers={"X-Forwarded-For": said})
    assert proxied.post("/sign-in/", given).status_code == 403
    assert proxied.get("/").status_code == 302
    whole = Client(headers={"X-Forwarded-For": f"{said}, 192.0.2.7, 192.0.2.8"})
    assert whole.post("/sign-in/", given).status_code == 302


def test_a_page_of_who_is_signed_in_opens_past_the_proxies_too(cast: Cast, signed_in: SignedIn, settings: Any) -> None:
    settings.FLEETFOLK_PROXIES = settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    assert signed_in(cast.ada).get("/users/", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/users/", "/users/{}/", "/find/?q=a", "/action-log/", "/jobs/", "/roles/", "/users/invite/"]
)
def test_no_cache_keeps_a_page_about_people(cast: Cast, signed_in: SignedIn, path: str) -> None:
    answer = signed_in(cast.ada).get(path.format(cast.cleo.pk))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost@evil.example", "", "a b"])
def test_a_request_for_another_host_is_refused(db: None, host: str) -> None:
    assert Client().get("/sign-in/", headers={"Host": host}).status_code == 400
    assert Client().get("/sign-in/", headers={"Host": "localhost"}).status_code == 200


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "Forwarded", "X-Original-Host", "X-Host"])
def test_no_other_header_says_what_the_host_is(db: None, header: str) -> None:
    body = Client().get("/password/forgotten/", headers={header: "host=evil.example"}).content.decode()
    assert "evil.example" not in body
