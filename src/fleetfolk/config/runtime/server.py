"""The PostgreSQL server named by DATABASE_URL: whether it can be used, in a sentence if not."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg
from psycopg import conninfo

from fleetfolk.config.runtime.failure import CannotStart

OLDEST_SERVER = 16
EXTENSIONS = ("pg_trgm", "btree_gin")
EXAMPLE = "postgresql://user:password@host:5432/name"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a usable server says of itself."""

    version: str
    identity: str
    """Names this database of this server, whatever address it is reached by."""
    durable: bool
    letters: bool
    """Searching by parts of words works for letters beyond ASCII."""
    ahead_seconds: float
    """How far its clock is ahead of ours; negative when behind."""


def reach(url: str) -> Facts:
    """What the server says; `CannotStart` if it cannot be reached, refuses us, or cannot carry Fleetfolk."""
    where = place(url)
    try:
        connection = psycopg.connect(url, connect_timeout=5, autocommit=True, application_name="fleetfolk")
    except psycopg.OperationalError as error:
        raise CannotStart(refusal(error, where)) from None
    except psycopg.ProgrammingError:
        raise CannotStart(not_an_address()) from None
    with connection:
        number = connection.info.server_version
        version = connection.info.parameter_status("server_version") or str(number)
        if number // 10_000 < OLDEST_SERVER:
            raise CannotStart(
                f"The server {where} is PostgreSQL {version}. Fleetfolk needs {OLDEST_SERVER} or newer, best 18: "
                "upgrade it, or set DATABASE_URL to another."
            )
        row = connection.execute(
            """
            SELECT
              (SELECT array_agg(name::text) FROM pg_available_extensions WHERE name = ANY(%s)),
              pg_encoding_to_char(encoding) = 'UTF8',
              has_schema_privilege('public', 'CREATE') AND has_database_privilege(datname, 'CREATE'),
              (SELECT system_identifier FROM pg_control_system())::text || '/' || pg_database.oid::text,
              current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on',
              datctype NOT IN ('C', 'POSIX'),
              extract(epoch FROM clock_timestamp() - to_timestamp(%s))::float,
              pg_is_in_recovery()
            FROM pg_database WHERE datname = current_database()
            """,
            [list(EXTENSIONS), time.time()],
        ).fetchone()
    if row is None:
        raise CannotStart(f"The server {where} does not list the database that it let us into. Ask its administrator.")
    available, utf8, may_create, identity, durable, letters, ahead, standby = row
    missing = [name for name in EXTENSIONS if name not in (available or [])]
    if missing:
        raise CannotStart(
            f"The server {where} lacks the extension {' and '.join(missing)}. "
            "Install PostgreSQL's additional modules there (Debian: postgresql-contrib) and start again."
        )
    if not utf8:
        raise CannotStart(
            f"The database {where} does not store UTF-8. Make one that does "
            "(CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0) and set DATABASE_URL to it."
        )
    if standby:
        raise CannotStart(f"The server {where} is a standby, which can only be read. Set DATABASE_URL to the primary.")
    if not may_create:
        raise CannotStart(
            f"The user in DATABASE_URL may not create tables in the database {where}. "
            "Make that user the database's owner (ALTER DATABASE … OWNER TO …) and start again."
        )
    return Facts(version=version, identity=identity, durable=durable, letters=letters, ahead_seconds=ahead)


def place(url: str) -> str:
    """The address without user and password, to be shown."""
    try:
        parts = urlsplit(url)
        known = conninfo.conninfo_to_dict(url)
    except (psycopg.ProgrammingError, ValueError):
        raise CannotStart(not_an_address()) from None
    if parts.scheme not in {"postgresql", "postgres"} or not known.get("dbname"):
        raise CannotStart(not_an_address())
    return f"{known.get('host') or 'on this machine'}:{known.get('port') or 5432}/{known['dbname']}"


def not_an_address() -> str:
    return (
        f"DATABASE_URL is not the address of a database, like {EXAMPLE}. "
        "Correct it, or unset it to use the embedded database."
    )


# What libpq and the server say, and what to tell a person. The first that fits counts.
REFUSALS = (
    (
        r"password authentication failed|no password supplied",
        "The server {where} does not accept the user and password in DATABASE_URL. Correct them and start again.",
    ),
    (
        r"database .* does not exist",
        "The server answers, but there is no database {where}. Make it (createdb), or correct DATABASE_URL.",
    ),
    (
        r"role .* does not exist",
        "The server {where} does not know the user in DATABASE_URL. Make it (createuser), or correct DATABASE_URL.",
    ),
    (
        r"pg_hba\.conf",
        "The server {where} does not let that user in from this machine. Its administrator can, in pg_hba.conf.",
    ),
    (
        r"too many|remaining connection slots",
        "The server {where} has no connection left. Raise its max_connections, or stop what holds them.",
    ),
    (
        r"starting up|recovery",
        "The server {where} is still starting. Wait a moment and start again.",
    ),
    (
        r"resolve host|not known|name resolution",
        "There is no host of that name: {where}. Correct DATABASE_URL.",
    ),
    (
        r"timeout|timed out",
        "The server {where} did not answer in 5 seconds. Check the address in DATABASE_URL and the network between.",
    ),
    (
        r"refused|No such file",
        "No PostgreSQL answers at {where}. Start it, correct DATABASE_URL, or unset it to use the embedded database.",
    ),
)


def refusal(error: psycopg.OperationalError, where: str) -> str:
    """Why a connection failed and what to do, out of what the server or the network said."""
    said = str(error)
    for pattern, sentence in REFUSALS:
        if re.search(pattern, said):
            return sentence.format(where=where)
    return f"The server {where} could not be used: {said.strip().splitlines()[-1]}"
