"""What an import survives, and how much memory it takes: with real processes on a database of their own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
import pytest
from django.conf import settings

from fleetfolk.testing.databases import create_database, drop_database

SCRIPTS = "fleetfolk.users.tests.import_scripts"


class World:
    """A database that processes share, gone after the tests."""

    def __init__(self, url: str, data: Path) -> None:
        self.url = url
        self._environment = {**os.environ, "DATABASE_URL": url, "FLEETFOLK_DATA": str(data), "FLEETFOLK_MODE": "test"}

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        """The program runs."""
        command = [sys.executable, "-m", SCRIPTS, *map(str, arguments)]
        return subprocess.Popen(command, env=self._environment, stdout=subprocess.PIPE, text=True)

    def run(self, *arguments: object) -> str:
        """The last line that the program printed."""
        process = self.start(*arguments)
        output, _errors = process.communicate(timeout=300)
        assert process.returncode == 0
        return (output.strip().splitlines() or [""])[-1]

    def one(self, query: str, *values: object) -> Any:
        """The only value of a query's answer."""
        with psycopg.connect(self.url) as connection:
            row = connection.execute(query, values).fetchone()
        assert row is not None
        return row[0]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    given: dict[str, Any] = settings.DATABASES["default"]
    server = f"postgresql://{quote(given['USER'])}:{quote(given['PASSWORD'])}@/"
    host = urlencode({"host": given["HOST"], "port": given["PORT"] or 5432})
    name = f"crash_{os.getpid()}"
    with psycopg.connect(f"{server}postgres?{host}", autocommit=True) as connection:
        create_database(connection, name)
        try:
            yield World(f"{server}{name}?{host}", tmp_path_factory.mktemp("data"))
        finally:
            drop_database(connection, name)


def test_a_killed_import_goes_on_where_it_stopped_and_does_nothing_twice(world: World) -> None:
    rows, killed_at = 600, []
    job = int(world.run("prepare", rows))
    for kills in range(1, 4):
        process = world.start("run", job, 20)
        aim = 100 * kills
        while world.one("SELECT done FROM jobs_job WHERE id = %s", job) < aim:
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        killed_at.append(world.one("SELECT done FROM jobs_job WHERE id = %s", job))
    assert all(0 < done < rows for done in killed_at)
    assert world.one("SELECT state FROM jobs_job WHERE id = %s", job) == "running"
    world.run("work", job)
    assert world.one("SELECT state FROM jobs_job WHERE id = %s", job) == "done"
    counts = world.one("SELECT counts FROM jobs_job WHERE id = %s", job)
    assert counts == {"new": 540, "updated": 0, "unchanged": 0, "problem": 60, "invited": 540}
    people = "SELECT count(*) FROM users_user WHERE email LIKE 'p%%@example.org'"
    assert world.one(people) == world.one(people.replace("count(*)", "count(DISTINCT email)")) == 540
    assert world.one("SELECT count(*) FROM jobs_problem WHERE job_id = %s", job) == 60
    assert world.one("SELECT count(*) FROM actionlog_entry WHERE code = 'user.import' AND result = 'done'") == 540
    assert world.one(_MAILS) == 540


_MAILS = """
    SELECT count(*)
    FROM procrastinate_jobs AS mail
    JOIN users_invitation AS invitation ON invitation.id = (mail.args->>'invitation_id')::bigint
    WHERE mail.task_name = 'users.send_invitation' AND invitation.email LIKE 'p%%@example.org'
"""


def test_memory_does_not_grow_with_the_file(world: World) -> None:
    small = int(world.run("work", int(world.run("prepare", 2_000))))
    large = int(world.run("work", int(world.run("prepare", 12_000))))
    assert large < small + 12
