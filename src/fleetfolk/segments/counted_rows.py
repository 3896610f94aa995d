"""Asking how many rows of a table there are about somebody: entries of the log, messages, shares."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from fleetfolk.console.sql import Sql
from fleetfolk.segments.conditions import Line
from fleetfolk.segments.fields import About, Scope
from fleetfolk.segments.operators import Shape, count_holds

PERIOD: Final = About(name="days", label=_("In the last days"), shape=Shape.DAYS, required=True)
"""The days, with today, of which a line with this asks."""


def in_period(column: str, line: Line, scope: Scope) -> Sql:
    """Being in the line's period: a condition on the column, which is a point of time."""
    moments = scope.moments
    start = moments.start(moments.day(-line.about[PERIOD.name]))
    return Sql(f"{column} >= %s AND {column} <= %s", (start, moments.now))


def many(condition: Sql, line: Line, rows: Sql, *, row: str, key: str) -> Sql:
    """Having so many of the ``rows``, which are tables with a condition; ``key`` of them is ``row``.

    Who has none is in no group.
    """
    text = f"SELECT {key} FROM {rows.text} GROUP BY {key} HAVING"
    params = (*rows.params, *condition.params)
    if count_holds(line.op, line.value, 0):
        return Sql(f"{row} NOT IN ({text} NOT ({condition.text}))", params)
    return Sql(f"{row} IN ({text} {condition.text})", params)


def number_of(rows: Sql, *, key: str, of: str) -> Sql:
    """How many of the rows one has, as text."""
    return Sql(f"(SELECT count(*)::text FROM {rows.text} AND {key} = {of})", rows.params)
