"""Databases of tests and measurements, which are gone afterwards."""

import contextlib
import os
from typing import Final

import psycopg
from psycopg import sql

ATTEMPTS: Final = 20
TEMPLATE: Final = "FLEETFOLK_TEST_TEMPLATE"
"""What names a database with today's tables, of which each database of tests is a copy. Without it each makes them."""


def template() -> str | None:
    """The name of that database, where there is one."""
    return os.environ.get(TEMPLATE) or None


def create_database(server: psycopg.Connection, name: str) -> None:
    """The database is there, a copy of the template or empty. ``server`` is another database of the same server."""
    create = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    source = template()
    server.execute(create + sql.SQL(" TEMPLATE {}").format(sql.Identifier(source)) if source else create)


def drop_database(server: psycopg.Connection, name: str) -> None:
    """The database is gone, whoever is connected to it. ``server`` is another database of the same server.

    Of those who are, PostgreSQL's own caretaker (autovacuum) may not be sent away by an owner who is no superuser; that
    is refused, though a DROP without FORCE, which sends nobody else away, does it by itself.
    """
    gone = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
    for _attempt in range(ATTEMPTS):
        with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
            server.execute(gone + sql.SQL(" WITH (FORCE)"))
            return
        with contextlib.suppress(psycopg.errors.ObjectInUse):
            server.execute(gone)
            return
    server.execute(gone)
