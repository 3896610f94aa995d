"""Brings a large world to today's tables while something writes: python -m bench.upgrade --people 1000000

The tables are made by the migrations of an earlier commit, taken out of the repository, and filled by today's loader,
which writes only what was there then. Then `fleetfolk migrate` of today runs, while others update and insert people,
devices' reports and entries of the log every 50 milliseconds, as the version before goes on doing. Fails where a write
had to wait for longer than a second, or one that was acknowledged is not there.
"""

from __future__ import annotations

import argparse
import io
import os
import signal
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psycopg

from fleetfolk.config.runtime.cluster import Cluster

EARLIEST = "4155573"
"""The first commit that is whole and whose migrations are all still today's. Before, they were changed: nothing was
released."""
PACE = 0.05
LONGEST = 1.0
ROOT = Path(__file__).resolve().parents[1]

_LOAD = """
import sys
import django
django.setup()
from django.contrib.auth.hashers import make_password
from bench import loading, roles, world

if __name__ == "__main__":
    hashed = make_password(world.PASSWORD)
    loading.load(sys.argv[1], int(sys.argv[2]), roles=roles.role_seeds(), password_hash=hashed)
"""


def main() -> int:
    """Runs it; 1 where something did not hold."""
    parser = argparse.ArgumentParser(prog="upgrade", description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--from", dest="commit", default=EARLIEST, help="the commit whose tables it begins with")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="upgrade-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        cluster = Cluster(home=folder / "postgres", passwords=folder / "passwords.json", log=folder / "database.log")
        child, url = cluster.start()
        try:
            return upgrade(folder, url, options)
        finally:
            child.stop(seconds=60)


def upgrade(folder: Path, url: str, options: argparse.Namespace) -> int:
    """The world at that address is as it was, and then as it is today."""
    then = earlier(folder, options.commit)
    began = time.monotonic()
    run(["-m", "django", "migrate", "--verbosity", "0"], url, folder, source=then)
    script = folder / "load_world.py"
    script.write_text(_LOAD, encoding="utf-8")
    run([script, url, str(options.people)], url, folder, source=ROOT)
    took = time.monotonic() - began
    print(f"{options.people:,} people in the tables of {options.commit}, made in {took:.0f} s", flush=True)
    before = _migrations(url)
    writers = [Writer(url=url, what=what, once=once) for what, once in WRITES.items()]
    began = time.monotonic()
    with Together(writers):
        time.sleep(2)
        alone = [writer.longest for writer in writers]
        run(["-m", "fleetfolk.config.cli", "migrate", "--verbosity", "1"], url, folder, source=ROOT)
        migrated = time.monotonic() - began - 2
        time.sleep(2)
    applied = _migrations(url) - before
    print(f"{len(applied)} migrations in {migrated:.0f} s", flush=True)
    missed = 0
    for writer, quiet in zip(writers, alone, strict=True):
        lost = writer.lost()
        good = writer.longest <= LONGEST and not lost and not writer.trouble
        missed += not good
        print(
            f"{'' if good else 'NOT SO: '}{writer.what}: {writer.written} written, the longest waited"
            f" {writer.longest * 1000:.0f} ms, at {writer.migration()} ({quiet * 1000:.0f} ms before), {lost} lost"
            f" {writer.trouble[:2]}",
            flush=True,
        )
    return 1 if missed else 0


def earlier(folder: Path, commit: str) -> Path:
    """The sources of that commit, in a folder."""
    place = folder / "then"
    packed = subprocess.run(
        ["git", "archive", "--format=tar", commit, "src", "bench"],  # noqa: S607
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as tar:
        tar.extractall(place, filter="data")
    return place


def run(arguments: Sequence[str | Path], url: str, folder: Path, *, source: Path) -> None:
    """The program has ended well, with the sources of that folder."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "fleetfolk.config.settings",
        "DATABASE_URL": url,
        "FLEETFOLK_MODE": "demo",
        "FLEETFOLK_DATA": str(folder),
        "PYTHONPATH": os.pathsep.join([str(source), str(source / "src")]),
    }
    done = subprocess.run(
        [sys.executable, *arguments], cwd=source, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"It ended with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")


@dataclass(kw_only=True)
class Writer:
    """Writes the same thing again and again, each time a transaction, and remembers the longest that it waited."""

    url: str
    what: str
    once: Callable[[psycopg.Connection, int], None]
    longest: float = 0.0
    longest_at: float = 0.0
    """When that began, in seconds since 1970."""
    written: int = 0
    trouble: list[str] = field(default_factory=list)
    ending: threading.Event = field(default_factory=threading.Event)

    def live(self) -> None:
        """It writes until the end; late ones are made up for."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            due = time.monotonic()
            while not self.ending.wait(max(0.0, due - time.monotonic())):
                began = time.monotonic()
                try:
                    self.once(connection, self.written + 1)
                    self.written += 1
                except psycopg.Error as error:
                    self.trouble.append(str(error))
                waited = time.monotonic() - began
                if waited > self.longest:
                    self.longest, self.longest_at = waited, time.time() - waited
                due += PACE

    def migration(self) -> str:
        """What was being migrated when it waited the longest."""
        query = "SELECT app || '.' || name FROM django_migrations WHERE applied >= to_timestamp(%s) ORDER BY applied"
        with psycopg.connect(self.url, autocommit=True) as connection:
            row = connection.execute(f"{query} LIMIT 1".encode(), [self.longest_at]).fetchone()
        return str(row[0]) if row else "none"

    def lost(self) -> int:
        """How many of those that were acknowledged are not there."""
        query = COUNTED.get(self.what)
        if query is None:
            return 0
        with psycopg.connect(self.url, autocommit=True) as connection:
            row = connection.execute(query.encode()).fetchone()
        return self.written - (row[0] if row else 0)


class Together:
    """All of them write."""

    def __init__(self, writers: Sequence[Writer]) -> None:
        self._writers = writers
        self._threads = [threading.Thread(target=writer.live) for writer in writers]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for writer in self._writers:
            writer.ending.set()
        for thread in self._threads:
            thread.join()


def _edit(connection: psycopg.Connection, number: int) -> None:
    connection.execute("UPDATE users_user SET phone = %s WHERE id = %s", [f"+49301{number:07}", 10 + number % 900])


def _add(connection: psycopg.Connection, number: int) -> None:
    connection.execute(
        "INSERT INTO users_user (password, tenant_id, organization_id, role_id, first_name, last_name, email, phone,"
        " time_zone, language, session_epoch, created_at)"
        " SELECT '', tenant_id, organization_id, role_id, 'New', 'Person', %s, '', '', 'en', 0, now()"
        " FROM users_user WHERE id = 10",
        [f"upgrade-{number}@upgrade.example"],
    )


def _report(connection: psycopg.Connection, number: int) -> None:
    connection.execute(
        "UPDATE devices_reported SET values = jsonb_build_object('1', %s::int), reported_at = now() WHERE device_id ="
        " (SELECT min(device_id) FROM devices_reported)",
        [number],
    )


def _rename(connection: psycopg.Connection, number: int) -> None:
    connection.execute(
        "UPDATE devices_device SET name = %s WHERE id = (SELECT min(id) FROM devices_device)", [f"Device {number}"]
    )


def _log(connection: psycopg.Connection, number: int) -> None:
    connection.execute(
        "INSERT INTO actionlog_entry (tenant_id, at, code, result, reason, client, actor_kind, actor_id, actor_label,"
        " target_type, target_id, target_label, organization_id, organization_label, path, changes, facts, address,"
        " request_id) SELECT tenant_id, now(), 'user.edit', 'done', '', 'web', 'user', id, 'Ada', 'users.User', id,"
        " 'Ada', organization_id, '', path, '[]', '{}', NULL, %s FROM users_user WHERE id = 10",
        [f"upgrade-{number}"],
    )


WRITES: dict[str, Callable[[psycopg.Connection, int], None]] = {
    "somebody is edited": _edit,
    "somebody is added": _add,
    "a device reports": _report,
    "a device is renamed": _rename,
    "the log is written": _log,
}
COUNTED = {
    "somebody is added": "SELECT count(*) FROM users_user WHERE email LIKE 'upgrade-%@upgrade.example'",
    "the log is written": "SELECT count(*) FROM actionlog_entry WHERE request_id LIKE 'upgrade-%'",
}


def _migrations(url: str) -> set[tuple[str, str]]:
    with psycopg.connect(url, autocommit=True) as connection:
        return {(app, name) for app, name in connection.execute("SELECT app, name FROM django_migrations").fetchall()}


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main())
