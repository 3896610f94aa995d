"""Wrong passwords are in the log of whose account it is, and nobody learns from that whether there is one."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from fleetfolk.actionlog.models import Entry
from fleetfolk.testing.cast import PASSWORD, Cast
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users import tasks_security
from fleetfolk.users.tests.links import pending

WRONG = "not the password"


def attempt(email: str, password: str = WRONG, **more: Any) -> Any:
    return Client().post("/sign-in/", {"login": email, "password": password}, **more)


def note() -> None:
    """The worker has written down what was tried."""
    for job in ProcrastinateJob.objects.filter(task_name="users.note_failed_sign_in"):
        tasks_security.note_failed_sign_in(**job.args)


def entries(cast: Cast, name: str = "bob") -> list[Entry]:
    target = getattr(cast, name).pk
    return list(Entry.objects.filter(code="user.session.start", target_id=target, result="refused"))


def test_a_wrong_password_is_in_the_log_with_where_it_came_from(cast: Cast, signed_in: SignedIn) -> None:
    attempt(cast.bob.email, REMOTE_ADDR="203.0.113.9")
    note()
    (entry,) = entries(cast)
    assert (entry.reason, entry.actor_label, entry.address) == ("wrong_password", "Somebody", "203.0.113.9")
    page = signed_in(cast.ada).get(f"/users/{cast.bob.pk}/security/").content.decode()
    assert "Wrong password" in page
    assert "203.0.113.9" in page


def test_no_password_is_kept_anywhere(cast: Cast) -> None:
    attempt(cast.bob.email, "hunter2 hunter2")
    note()
    assert "hunter2" not in str(list(ProcrastinateJob.objects.values("args")))
    assert "hunter2" not in str(list(Entry.objects.values()))


def test_the_same_is_done_for_every_address(cast: Cast) -> None:
    """Same bytes, same statements, same job: only the worker knows whether there is an account."""
    seen = []
    for email in (cast.bob.email, "nobody@lumenhome.example", pending(cast).email):
        with CaptureQueriesContext(connection) as asked:
            answer = attempt(email)
        # How often the address was tried before, is asked in more or fewer steps.
        statements = [
            re.sub(r"'[^']*'", "?", one["sql"])
            for one in asked.captured_queries
            if "fleetfolk_cache" not in one["sql"] and "SAVEPOINT" not in one["sql"]
        ]
        body = re.sub(r'value="[^"]*"|content="[^"]*"', "", answer.content.decode())
        seen.append((answer.status_code, body, statements))
    assert seen[0] == seen[1] == seen[2]


def test_an_address_that_nobody_has_leaves_no_entry(cast: Cast) -> None:
    before = Entry.objects.count()
    attempt("nobody@lumenhome.example")
    attempt(pending(cast).email)
    after = Entry.objects.count()
    note()
    assert Entry.objects.count() == after >= before


def test_the_right_password_leaves_none(cast: Cast) -> None:
    attempt(cast.bob.email, PASSWORD)
    assert not ProcrastinateJob.objects.filter(task_name="users.note_failed_sign_in").exists()


def test_a_wrong_proof_at_an_open_dialog_is_not_a_sign_in(cast: Cast, signed_in: SignedIn) -> None:
    signed_in(cast.ada, minutes_ago=11).post(f"/users/{cast.bob.pk}/disable/", {"own_password": "x"})
    assert not ProcrastinateJob.objects.filter(task_name="users.note_failed_sign_in").exists()


def test_a_flood_is_folded(cast: Cast) -> None:
    for _ in range(30):
        tasks_security.note_failed_sign_in(email=cast.bob.email, reason="wrong_password", client="web", address=None)
    assert 0 < len(entries(cast)) <= 10


@pytest.mark.parametrize("where", ["same address", "other address"])
def test_strangers_guesses_do_not_keep_the_owner_out_of_a_browser_of_theirs(cast: Cast, where: str) -> None:
    own = Client()
    own.post("/sign-in/", {"login": cast.bob.email, "password": PASSWORD})
    own.post("/sign-out/")
    for number in range(12):
        attempt(cast.bob.email, REMOTE_ADDR="127.0.0.1" if where == "same address" else f"203.0.113.{number}")
    assert own.post("/sign-in/", {"login": cast.bob.email, "password": PASSWORD})["Location"] == "/"
