from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

from fleetfolk.config.postgresql.base import DatabaseWrapper


@pytest.fixture
def other(db: None) -> Iterator[DatabaseWrapper]:
    """A connection of its own, as another thread has one."""
    made = connection.copy()
    assert isinstance(made, DatabaseWrapper)
    made.connect()
    yield made
    made.close()


def test_a_connection_is_usable_without_being_asked(other: DatabaseWrapper) -> None:
    with other.cursor() as cursor:
        cursor.execute("SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid()")
    assert other.is_usable()
    with connection.cursor() as cursor:
        cursor.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [other.connection.info.backend_pid])
        ((asked_last,),) = cursor.fetchall()
    assert "pg_stat_activity" in asked_last


def test_a_connection_that_the_server_ended_is_not_usable(other: DatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [other.connection.info.backend_pid])
    assert not other.is_usable()


def test_a_request_after_the_server_ended_its_connection_gets_another(other: DatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [other.connection.info.backend_pid])
    other.close_if_unusable_or_obsolete()
    with other.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_a_closed_connection_is_not_usable(other: DatabaseWrapper) -> None:
    raw = other.connection
    assert isinstance(raw, psycopg.Connection)
    raw.close()
    assert not other.is_usable()
