"""What people and programs are told while the database is away, and that it is over when it is back."""

import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import psycopg
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, OperationalError, connection
from django.test import Client, RequestFactory
from pytest_django import DjangoDbBlocker

from fleetfolk.api.problems import of_status
from fleetfolk.config import environment
from fleetfolk.config.runtime.ports import free_port
from fleetfolk.console.outage import database_is_away
from fleetfolk.jobs import tasks
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.room import NoRoom, no_room
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.races import own_copy_of_the_database
from fleetfolk.users.actions.export_user import ExportUser
from fleetfolk.users.actions.no_input import NoInput


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


def test_what_was_only_looked_at_can_be_tried_again(away: None, browser: Client) -> None:
    again = 'href="/users/?q=ann&amp;sort=name"'
    assert again in browser.get("/users/", {"q": "ann", "sort": "name"}).content.decode()
    assert "Try again" not in browser.post("/users/import/").content.decode()


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


def test_a_full_disk_is_told_and_nothing_stays_half_written(
    cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    """Only the disk is ours: it takes the bytes and then says that it has no room."""
    settings.FLEETFOLK_DATA = str(tmp_path)
    browser = signed_in(cast.ada)
    browser.raise_request_exception = False
    form = {"organization": cast.lumen.name, "role": cast.role("user").pk, "country": "DE"}
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", Mock(side_effect=full))
        answer = browser.post("/users/import/", {**form, "file": _people()})
    assert (answer.status_code, answer["Retry-After"]) == (507, "60")
    assert "There is no room left where Fleetfolk keeps its data." in answer.content.decode()
    assert not list((tmp_path / "files" / "imports").iterdir())
    assert not Job.objects.exists()
    assert browser.post("/users/import/", {**form, "file": _people()}).status_code == 302


def _people() -> SimpleUploadedFile:
    return SimpleUploadedFile("people.csv", b"First name,Last name,Email\nNora,New,nora@example.org\n")


def test_a_program_reads_that_there_is_no_room(rf: RequestFactory) -> None:
    answer = of_status(rf.get("/api/v1/users"), 507, headers={"Retry-After": "60"})
    assert json.loads(answer.content)["reason"] == "no_room"
    assert answer["Retry-After"] == "60"


def test_a_full_disk_is_told_from_mistakes() -> None:
    said = OperationalError("as Django says it")
    said.__cause__ = psycopg.errors.DiskFull()
    assert no_room(said)
    assert no_room(OSError(errno.EDQUOT, "quota"))
    assert not no_room(FileNotFoundError(errno.ENOENT, "gone"))
    assert not no_room(psycopg.errors.AdminShutdown())
    assert not no_room(None)


def test_a_job_waits_for_room(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    perform(ExportUser, actor=actor(cast.ada), target_id=cast.bob.pk, data=NoInput())
    job = Job.objects.get()
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", Mock(side_effect=full))
        with pytest.raises(NoRoom):
            tasks.run(job_id=job.pk)
    assert not Job.objects.get().is_over
    tasks.run(job_id=job.pk)
    assert Job.objects.get().state == JobState.DONE
