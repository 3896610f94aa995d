"""What a datastream reported over time, as few enough points to draw: gathered in the database, whatever the period."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from fleetfolk.devices.values import Stream

MOST_POINTS = 600
STEPS = (1, 2, 5, 10, 15, 30, 60, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 7 * 86_400)
"""Seconds. What people read off a chart are round times."""

_MINUTES = """
SELECT extract(epoch FROM step)::bigint, sum(total) / sum(count), min(least), max(most) FROM (
    SELECT date_bin(make_interval(secs => %s), minute, 'epoch'::timestamptz) AS step, total, count, least, most
    FROM devices_minute WHERE device_id = %s AND stream_id = %s AND minute >= %s AND minute < %s
) AS each GROUP BY step ORDER BY step
"""
_POINTS = """
SELECT extract(epoch FROM step)::bigint, avg(number), min(number), max(number) FROM (
    SELECT date_bin(make_interval(secs => %s), at, 'epoch'::timestamptz) AS step, number
    FROM devices_point WHERE device_id = %s AND stream_id = %s AND at >= %s AND at < %s AND number IS NOT NULL
) AS each GROUP BY step ORDER BY step
"""


@dataclass(frozen=True, slots=True)
class Step:
    """What was reported from ``at`` (seconds since 1970) until the next step began."""

    at: int
    average: float
    least: float
    most: float


def step_seconds(since: dt.datetime, until: dt.datetime, points: int = MOST_POINTS) -> int:
    """The length of a step, so that the period has at most so many."""
    needed = (until - since).total_seconds() / max(1, points)
    return next((step for step in STEPS if step >= needed), STEPS[-1])


def series(
    device_id: int, stream: Stream, *, since: dt.datetime, until: dt.datetime, points: int = MOST_POINTS
) -> list[Step]:
    """The datastream's averages, least and most, in steps of equal length; steps without a report are left out.

    For short periods of a datastream that keeps every value those are looked at, else the minutes. The caller has
    looked whether the device may be seen.
    """
    step = step_seconds(since, until, points)
    raw = stream.keep_raw and step < 60
    step = step if raw else max(60, step)
    with connection.cursor() as cursor:
        cursor.execute(_POINTS if raw else _MINUTES, [step, device_id, stream.id, since, until])
        return [Step(*row) for row in cursor.fetchall()]
