"""What devices report, and what people set on them, becomes latest values and history: the one writer of both.

The gateway runs these statements in batches on a connection of its own; an Action runs them inside its transaction by
`record`. Each batch rewrites a device's row of latest values first, so that its lock orders all that follows.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from fleetfolk.devices.values import Stream, Value, as_number, as_text

CHANNEL = "device_changed"
"""Notified with the keys of devices, separated by commas, when what they say has changed."""
IDS_PER_NOTE = 400
"""A notification holds 8,000 bytes at most."""

GAINED = """("values", times) = (
        SELECT reported."values" || coalesce(jsonb_object_agg(gained.key, gained.value), '{}'),
            reported.times || coalesce(jsonb_object_agg(gained.key, said.times::jsonb -> gained.key), '{}')
        FROM jsonb_each(said."values"::jsonb) AS gained
        WHERE coalesce((reported.times ->> gained.key)::bigint, 0) <= (said.times::jsonb ->> gained.key)::bigint
            OR (reported.times ->> gained.key)::bigint > (extract(epoch FROM now()) + 300) * 1000
    )"""
"""What is said is the latest unless the row has something newer: what waited for the row's lock may be older than what
was written meanwhile. A time that lies five minutes ahead is a clock's mistake, and what comes after it is newer."""
LATEST = f"""
UPDATE devices_reported reported SET {GAINED}
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS said(device_id, "values", times)
WHERE reported.device_id = said.device_id
"""  # noqa: S608 - of this module's own words
MINUTES = """
INSERT INTO devices_minute AS kept (device_id, stream_id, minute, count, total, least, most)
SELECT device_id, stream_id, to_timestamp(minute * 60), count, total, least, most
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::int[], %s::float8[], %s::float8[], %s::float8[])
    AS said(device_id, stream_id, minute, count, total, least, most)
ON CONFLICT (device_id, stream_id, minute) DO UPDATE SET
    count = kept.count + excluded.count,
    total = kept.total + excluded.total,
    least = least(kept.least, excluded.least),
    most = greatest(kept.most, excluded.most)
"""
POINTS = """
INSERT INTO devices_point (device_id, stream_id, at, number, text)
SELECT device_id, stream_id, to_timestamp(at / 1000.0), number, text
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::float8[], %s::text[])
    AS said(device_id, stream_id, at, number, text)
"""
NOTE = "SELECT pg_notify(%s, %s)"

type Statement = tuple[str, Sequence[Any]]


class Cursor(Protocol):
    """Django's cursor or psycopg's."""

    def execute(self, query: Any, params: Any = ..., /) -> Any: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """One checked value of one datastream of one device; ``at_ms`` is milliseconds since 1970."""

    device_id: int
    stream: Stream
    value: Value
    at_ms: int


@dataclass(slots=True)
class Latest:
    """The values that a device's row gains, by pin, and when each was reported."""

    values: dict[int, Value]
    times: dict[int, int]

    def as_json(self) -> tuple[str, str]:
        """Both, as the columns hold them."""
        return json.dumps(self.values), json.dumps(self.times)


def latest_of(reports: Iterable[Report]) -> dict[int, Latest]:
    """By device: of each pin the newest value, of equally new ones the last."""
    found: dict[int, Latest] = {}
    for report in reports:
        latest = found.get(report.device_id)
        if latest is None:
            latest = found[report.device_id] = Latest({}, {})
        pin = report.stream.pin
        if report.at_ms >= latest.times.get(pin, 0):
            latest.values[pin] = report.value
            latest.times[pin] = report.at_ms
    return found


def history(reports: Iterable[Report]) -> Iterator[Statement]:
    """The statements that keep the reports: a row a minute, and each value where the datastream keeps them all."""
    minutes: dict[tuple[int, int, int], list[float]] = {}
    points: list[tuple[int, int, int, float | None, str | None]] = []
    for report in reports:
        stream, number = report.stream, as_number(report.value)
        if number is not None:
            _count(minutes, (report.device_id, stream.id, report.at_ms // 60_000), number)
        if stream.keep_raw:
            text = as_text(report.value) if number is None else None
            points.append((report.device_id, stream.id, report.at_ms, number, text))
    if minutes:
        keys, sums = zip(*sorted(minutes.items()), strict=True)
        yield MINUTES, [*columns(keys), [int(count) for count, *_ in sums], *columns([rest for _, *rest in sums])]
    if points:
        yield POINTS, columns(points)


def notes(device_ids: Iterable[int]) -> Iterator[Statement]:
    """The statements that tell everybody who listens which devices have changed."""
    ids = sorted(set(device_ids))
    for start in range(0, len(ids), IDS_PER_NOTE):
        yield NOTE, [CHANNEL, ",".join(map(str, ids[start : start + IDS_PER_NOTE]))]


def record(cursor: Cursor, reports: Sequence[Report]) -> None:
    """The values are the latest and in the history, and who listens is told once the transaction is committed.

    For what somebody other than the device sets: whether the device is there stays as it is.
    """
    latest = sorted(latest_of(reports).items())
    rows = [(device_id, *each.as_json()) for device_id, each in latest]
    for sql, params in ((LATEST, columns(rows)), *history(reports), *notes(device_id for device_id, _ in latest)):
        cursor.execute(sql, params)


def _count(minutes: dict[tuple[int, int, int], list[float]], key: tuple[int, int, int], number: float) -> None:
    kept = minutes.get(key)
    if kept is None:
        minutes[key] = [1, number, number, number]
        return
    kept[0] += 1
    kept[1] += number
    if number < kept[2]:
        kept[2] = number
    elif number > kept[3]:
        kept[3] = number


def columns(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """Rows as one list a column, which is how `unnest` takes them."""
    return [list(column) for column in zip(*rows, strict=True)]
