"""Two at the same moment: threads that meet at a lock, in a database of their own in which commits count."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection, connections

from fleetfolk.testing.databases import drop_database

WAIT_AT_MOST = 20.0
"""Seconds. Nobody should ever wait so long: what does has not met at the lock."""


@contextmanager
def own_copy_of_the_database() -> Iterator[None]:
    """Every connection of Django made inside goes to a copy of the test database, which is gone afterwards."""
    settings = connection.settings_dict
    original, copy = settings["NAME"], f"{settings['NAME']}_race"
    connection.close()
    with connection._nodb_cursor() as cursor:
        drop_database(cursor.connection, copy)
        cursor.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{original}"')
    settings["NAME"] = copy
    try:
        yield
    finally:
        connection.close()
        settings["NAME"] = original
        with connection._nodb_cursor() as cursor:
            drop_database(cursor.connection, copy)
        connection.close()


@contextmanager
def somebody_else(statement: str, *values: object) -> Iterator[None]:
    """Another connection has run the statement; it commits when the block is left."""
    with psycopg.connect(**_address()) as other:
        other.execute(statement, values)
        yield


def meeting_at_the_lock(*works: Callable[[], Any], held: str, values: Sequence[object] = ()) -> list[Any]:
    """What each work returned or raised, begun one after the other, each waiting for a lock before the next begins.

    ``held`` is the statement of another connection at which the first of them meets; it commits when all are there.
    """
    with ThreadPoolExecutor(max_workers=len(works)) as threads:
        begun: list[Future[Any]] = []
        with somebody_else(held, *values):
            for number, work in enumerate(works, start=1):
                begun.append(threads.submit(_alone, work))
                _wait_for(number, begun)
        return [each.exception() or each.result() for each in begun]


def _alone(work: Callable[[], Any]) -> Any:
    try:
        return work()
    finally:
        connections.close_all()


def _wait_for(number: int, begun: Sequence[Future[Any]]) -> None:
    """So many connections wait for a lock."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    last = time.monotonic() + WAIT_AT_MOST
    with psycopg.connect(**_address(), autocommit=True) as looking:
        while (looking.execute(waiting).fetchone() or (0,))[0] < number:
            for each in begun:
                if each.done():
                    raise AssertionError(f"was not kept waiting: {each.exception() or each.result()!r}")
            assert time.monotonic() < last, "nobody waits for the lock"
            time.sleep(0.02)


def _address() -> dict[str, Any]:
    settings = connection.settings_dict
    return {
        "dbname": settings["NAME"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
        "host": settings["HOST"],
        "port": settings["PORT"] or 5432,
    }
