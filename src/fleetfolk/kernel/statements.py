"""Statements that the database plans once for each connection, and from then on only answers.

Planning a join by keys costs several times what answering it does, and every request asks a handful of them: who is
signed in, what they hold, what the rows of a page show. Their best plan is the same whatever they are asked for. A
search is not like that: what a word costs depends on the word, so it is planned each time, by Django's own cursors.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper


@contextmanager
def planned_once() -> Iterator[CursorWrapper]:
    """A cursor whose statements the database keeps once they come again over this connection.

    Parameters reach the database beside the text, so each must have a type there, by a column or a cast.
    """
    here = connections[DEFAULT_DB_ALIAS]  # Looked up once: `connection` looks itself up at every mention.
    here.close_if_health_check_failed()
    here.ensure_connection()
    wrap = here.make_debug_cursor if here.queries_logged else here.make_cursor
    with wrap(psycopg.Cursor(here.connection)) as cursor:  # type: ignore[arg-type]
        yield cursor
