from django.db import connection
from pytest_django import DjangoAssertNumQueries

from fleetfolk.kernel.statements import planned_once

ASKED = "SELECT %s::bigint + 1"


def test_a_statement_that_comes_again_is_kept_by_the_database(db: None) -> None:
    for number in range(3):
        with planned_once() as cursor:
            cursor.execute(ASKED, [number])
            assert cursor.fetchone() == (number + 1,)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT $1::bigint + 1%'")
        assert cursor.fetchone() == (1,)


def test_other_statements_are_planned_each_time(db: None) -> None:
    for number in range(3):
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::bigint + 2", [number])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT $1::bigint + 2%'")
        assert cursor.fetchone() == (0,)


def test_they_count_among_the_statements_of_a_page(db: None, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1), planned_once() as cursor:
        cursor.execute(ASKED, [1])
