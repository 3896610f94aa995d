"""The databases of the benchmark: a world kept from run to run, and a copy of it that a run may change."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from bench import crowd, fleet, loading, log, names, world
from fleetfolk.testing.databases import drop_database

# ruff: noqa: S608 - names of tables and columns are from here and from the catalogue of the database

WALKED = {
    "users_user": ("ann", "mar", "com", "user"),
    "devices_device": ("boi", "kit", "fw", "meter"),
    "devices_reported": (),
}
"""Tables that are read along each of their indexes, with what is searched in them."""
READ = ("users_usertag", "users_invitation", "devices_devicetag", "actionlog_entry", "organizations_organization")
SOURCE = Path(__file__).parents[1] / "src" / "fleetfolk"


def present(
    server: str, people: int, *, log_entries: int = 0, load: Callable[[str], None], tell: Callable[[str], None]
) -> str:
    """The name of a database with the world of so many people: kept from an earlier run of this code, or made now."""
    stamp = world.fingerprint(path.read_bytes() for path in _sources())
    size = f"{people}l{log_entries}" if log_entries else f"{people}"
    name = f"bench_{size}_{stamp}"
    with psycopg.connect(server, autocommit=True) as connection:
        for (other,) in connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s OR datname LIKE 'bench\\_run\\_%%'",
            [f"bench\\_{size}\\_%"],
        ).fetchall():
            if other != name:
                drop_database(connection, other)
        found = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
        if found == ("complete",):
            tell(f"The world of {people:,} people is there from an earlier run.")
            return name
        drop_database(connection, name)
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    began = time.monotonic()
    tell(f"Building a world of {people:,} people …")
    url = address(server, name)
    migrate(url)
    load(url)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS 'complete'").format(sql.Identifier(name)))
    tell(f"Built in {time.monotonic() - began:.0f} s.")
    return name


@contextlib.contextmanager
def copied(server: str, name: str) -> Iterator[str]:
    """The address of a copy of the database, which is gone afterwards. The copy is warm, as a server in use is."""
    copy = f"bench_run_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(copy), sql.Identifier(name)
            )
        )
    try:
        url = address(server, copy)
        warm(url)
        yield url
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            drop_database(connection, copy)


@contextlib.contextmanager
def itself(server: str, name: str) -> Iterator[str]:
    """The address of the database, warm. It is measured without a copy, so what is asked of it changes nothing."""
    url = address(server, name)
    warm(url)
    yield url


def warm(url: str) -> None:
    """Tables and indexes of people, devices and the log are in the server's memory, as far as they fit."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET enable_seqscan = off")
        connection.execute("SET max_parallel_workers_per_gather = 0")
        connection.execute("SET effective_io_concurrency = 0")
        for table, words in WALKED.items():
            indexes = connection.execute(
                "SELECT array_to_string(ARRAY(SELECT pg_get_indexdef(i.indexrelid, part, true)"
                " FROM generate_series(1, i.indnkeyatts) part), ', ')"
                " FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam"
                " WHERE i.indrelid = %s::regclass AND a.amname = 'btree' AND i.indpred IS NULL",
                [table],
            ).fetchall()
            for (columns,) in indexes:
                connection.execute(
                    f"SELECT count(*) FROM (SELECT 1 FROM {table} ORDER BY {columns} OFFSET 0) walked".encode()
                )
            for word in words:
                connection.execute(f"SELECT count(*) FROM {table} WHERE search_text LIKE %s".encode(), [f"%{word}%"])
        connection.execute("SET enable_seqscan = on")
        for table in (*WALKED, *READ):
            connection.execute(f"SELECT sum(length(t::text)) FROM {table} t".encode())


def migrate(url: str) -> None:
    """The database has every table of this version."""
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0"],
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "fleetfolk.config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"The migrations failed:\n{done.stderr[-2000:]}")


def address(server: str, name: str) -> str:
    """The address of another database of the same server."""
    parts = urlsplit(server)
    return urlunsplit(parts._replace(path=f"/{name}"))


def _sources() -> list[Path]:
    """What a world is made from."""
    return [
        *sorted(path for folder in SOURCE.glob("*/migrations") for path in folder.iterdir() if path.is_file()),
        Path(names.__file__),
        Path(fleet.__file__),
        Path(world.__file__),
        Path(crowd.__file__),
        Path(log.__file__),
        Path(loading.__file__),
    ]
