"""What people and programs are told while the database is away, and that it is over when it is back."""

from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, OperationalError, connection
from django.test import Client
from pytest_django import DjangoDbBlocker

from fleetfolk.config import environment
from fleetfolk.config.runtime.ports import free_port
from fleetfolk.console.outage import database_is_away
from fleetfolk.testing.races import own_copy_of_the_database


@pytest.fixture
def away(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Nobody answers where the database was."""
    with django_db_blocker.unblock(), own_copy_of_the_database():
        known = connection.settings_dict
        port = known["PORT"]
        connection.close()
        known["PORT"] = str(free_port())
        try:
            yield
        finally:
            connection.close()
            known["PORT"] = port


@pytest.fixture
def browser() -> Client:
    """Somebody's who says to be signed in, which has to be looked up."""
    browser = Client(raise_request_exception=False)
    browser.cookies[settings.SESSION_COOKIE_NAME] = "k" * 32
    return browser


def test_a_page_says_so_and_when_to_come_again(away: None, browser: Client) -> None:
    answer = browser.get("/users/")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "The database does not answer right now. What was not finished was undone." in answer.content.decode()
    assert "Traceback" not in answer.content.decode()


def test_a_program_is_told_so_in_a_problem_document(away: None) -> None:
    asking = Client(raise_request_exception=False)
    answer = asking.get("/api/v1/users", headers={"Authorization": "Bearer ffp_unknown"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["reason"] == "not_now"
    platform = asking.get("/api/v1/organization/users", headers={"Authorization": "Bearer ffp_unknown"})
    assert platform.status_code == 503
    assert "does not answer right now" in platform.json()["error"]["message"]


def test_the_next_request_is_answered_when_it_is_back(away: None, browser: Client) -> None:
    known = connection.settings_dict
    gone = known["PORT"]
    assert browser.get("/users/").status_code == 503
    known["PORT"] = _real_port()
    try:
        assert browser.get("/users/").status_code == 302
    finally:
        connection.close()
        known["PORT"] = gone


def _real_port() -> str:
    """Where the database of the tests is."""
    return str(environment.database()["PORT"])


@pytest.mark.parametrize(
    "error",
    [
        psycopg.OperationalError("server closed the connection unexpectedly"),
        psycopg.errors.AdminShutdown(),
        psycopg.errors.CannotConnectNow(),
        psycopg.errors.DiskFull(),
        psycopg.errors.TooManyConnections(),
        psycopg.errors.ReadOnlySqlTransaction(),
    ],
)
def test_what_passes_by_itself_is_told_from_mistakes(error: psycopg.Error) -> None:
    said = OperationalError("as Django says it")
    said.__cause__ = error
    assert database_is_away(said)
    outer = RuntimeError("while it was handled")
    outer.__context__ = said
    assert database_is_away(outer)


def test_a_mistake_stays_one() -> None:
    for error in (psycopg.errors.UniqueViolation(), psycopg.errors.DeadlockDetected()):
        said = IntegrityError("as Django says it")
        said.__cause__ = error
        assert not database_is_away(said)
    assert not database_is_away(ValueError("ours"))
    assert not database_is_away(None)


def test_an_address_may_name_several_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "DATABASE_URL", "postgresql://fleet:p%40ss@one:5432,two:5433/folk?target_session_attrs=read-write"
    )
    known = environment.database()
    assert (known["HOST"], known["PORT"], known["NAME"], known["PASSWORD"]) == ("one,two", "5432,5433", "folk", "p@ss")
    options = known["OPTIONS"]
    assert isinstance(options, dict)
    assert options["target_session_attrs"] == "read-write"
    assert options["connect_timeout"] == "5"


@pytest.mark.parametrize(
    "wrong", ["mysql://one/folk", "postgresql://one:5432/", "postgresql://one/folk?nonsense=1", "x"]
)
def test_what_is_no_address_is_said(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("DATABASE_URL", wrong)
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL is not an address"):
        environment.database()
