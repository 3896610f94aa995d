"""Databases of tests and measurements, which are gone afterwards."""

import contextlib
from typing import Final

import psycopg
from psycopg import sql

ATTEMPTS: Final = 20


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
