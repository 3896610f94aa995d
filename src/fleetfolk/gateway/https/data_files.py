"""What a device reported, as a ZIP of CSV files behind an address that is good for one download."""

import csv
import datetime as dt
import hashlib
import io
import re
import secrets
import threading
import zipfile
import zoneinfo
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from fleetfolk.console.csv_export import safe_cell
from fleetfolk.devices.models import Datastream, Device, Event
from fleetfolk.gateway.errands import Refusal
from fleetfolk.gateway.https.answers import Answer, HttpRefusal
from fleetfolk.gateway.https.asked import KEY, NO_DATASTREAM, WRONG_PIN, WRONG_REQUEST, Asked, pin_of
from fleetfolk.gateway.meeting import device_of, is_there
from fleetfolk.kernel import clock

NO_TOKEN = "No token provided."  # noqa: S105 - a sentence
NO_DATA = "No data"
FILES_A_DAY = 10
TOO_OFTEN = "Data limit has been reached. A device may ask for 10 files a day."
PATH = "/data/file/"
NAME = re.compile(r"device_data_([0-9]{1,18})_([A-Za-z0-9_-]{32})\.zip", re.ASCII)
ROWS_AT_ONCE = 5_000
MOST_ROWS = 2_000_000
"""Of one archive: a reading each second for three weeks."""
AT_ONCE = 2
"""So many archives are made at a time: the other threads are for devices that sign in for the first time."""
BUSY = "Other files are being made now. Try again."
_MAKING = threading.BoundedSemaphore(AT_ONCE)

PERIODS = {
    "HOUR": dt.timedelta(hours=1),
    "DAY": dt.timedelta(days=1),
    "WEEK": dt.timedelta(weeks=1),
    "MONTH": dt.timedelta(days=30),
    "THREE_MONTHS": dt.timedelta(days=91),
}
STEPS = {"MINUTE": "minute", "HOURLY": "hour", "DAILY": "day"}
SOURCES = {
    "AVG": "sum(total) / sum(count)",
    "MIN": "min(least)",
    "MAX": "max(most)",
    "SUM": "sum(total)",
    "COUNT": "sum(count)",
}
FORMATS: dict[str, Callable[[dt.datetime], object]] = {
    "TS": lambda at: round(at.timestamp() * 1000),
    "ISO_US": lambda at: f"{at:%m/%d/%Y %H:%M:%S}",
    "ISO_SIMPLE": lambda at: f"{at:%Y-%m-%d %H:%M:%S}",
}
TRUTHS = {"true": True, "false": False}


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What is asked for."""

    since: dt.datetime
    step: str
    source: str
    zone: dt.tzinfo
    written: Callable[[dt.datetime], object]
    events: bool
    streams: list[Datastream]


def make(asked: Asked, token_hash: str) -> Answer:
    """The file is there; the answer links to it."""
    device = device_of(token_hash)
    wanted = _wanted(asked, device)
    kept = folder() / str(device.pk)
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    kept.mkdir(exist_ok=True)
    forget_old(kept)
    if sum(1 for _ in kept.iterdir()) >= FILES_A_DAY:
        raise Refusal(TOO_OFTEN, limit=True)
    secret = secrets.token_urlsafe(24)
    file = kept / f"{_today()}-{_hash(secret)}.zip"
    if not _MAKING.acquire(blocking=False):
        raise HttpRefusal(503, BUSY)
    try:
        if not _write(file, device, wanted):
            file.unlink()
            raise HttpRefusal(500, NO_DATA)
    finally:
        _MAKING.release()
    return Answer.of({"link": f"{settings.FLEETFOLK_ORIGIN}/external/api{PATH}device_data_{device.pk}_{secret}.zip"})


def fetched(path: str) -> Answer:
    """The file of this address, once and on the day it was made, of a device that is in use; else it is not there.

    What is left of it counts for the day.
    """
    found = NAME.fullmatch(path.removeprefix(PATH))
    if found is None or not is_there(int(found[1])):
        raise HttpRefusal(404, "Not found.")
    file = folder() / found[1] / f"{_today()}-{_hash(found[2])}.zip"
    taken = file.with_suffix(".taken")
    try:
        file.rename(taken)
    except FileNotFoundError:
        raise HttpRefusal(404, "Not found.") from None
    # What is open can be read to its end when its name is gone; the empty file in its place counts for the day.
    stream = taken.open("rb")
    taken.unlink()
    taken.touch()
    return Answer(
        stream=stream,
        content_type="application/zip",
        more=(("content-disposition", f'attachment; filename="{path.removeprefix(PATH)}"'),),
    )


def _wanted(asked: Asked, device: Device) -> Wanted:
    period = asked.one("period") or "MONTH"
    if period not in PERIODS:
        # Blynk's words for it, less the name of a class that we do not have.
        raise HttpRefusal(500, f"No enum constant Period.{period[:40]}")
    step, source = asked.one("granularityType") or "RAW_DATA", asked.one("sourceType") or "AVG"
    written, events = asked.one("format") or "TS", asked.one("sendEvents") or "false"
    raw = step == "RAW_DATA"
    if (raw and period == "THREE_MONTHS") or not (raw or step in STEPS) or source not in SOURCES:
        raise Refusal(WRONG_REQUEST)
    if written not in FORMATS or events not in TRUTHS:
        raise Refusal(WRONG_REQUEST)
    return Wanted(
        since=clock.now() - PERIODS[period],
        step="" if raw else STEPS[step],
        source=source,
        zone=_zone(asked.one("tzName") or "UTC"),
        written=FORMATS[written],
        events=TRUTHS[events],
        streams=_streams(asked, device),
    )


def _zone(name: str) -> dt.tzinfo:
    try:
        return zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        raise Refusal(WRONG_REQUEST) from None


def _streams(asked: Asked, device: Device) -> list[Datastream]:
    """The one that is named, else all."""
    streams = Datastream.objects.filter(template_id=device.template_id).order_by("pin")
    pin, key = asked.one("pin"), asked.one("dataStreamId")
    if key is not None:
        if not KEY.fullmatch(key):
            raise Refusal(WRONG_PIN)
        streams = streams.filter(pk=int(key))
    elif pin is not None:
        streams = streams.filter(pin=-1 if (number := pin_of(pin, strict=False)) is None else number)
    found = list(streams)
    if not found and (pin or key):
        raise Refusal(NO_DATASTREAM)
    return found


def _write(file: Path, device: Device, wanted: Wanted) -> bool:
    """The file holds what there is; whether there is anything."""
    rows = 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, transaction.atomic():
        for stream in wanted.streams:
            rows += _add(archive, f"v{stream.pin}.csv", _values(device, stream, wanted), wanted, MOST_ROWS - rows)
        if wanted.events:
            rows += _add(archive, "events.csv", _events(device, wanted), wanted, MOST_ROWS - rows)
    return rows > 0


def _add(archive: zipfile.ZipFile, name: str, rows: Iterator[tuple[Any, ...]], wanted: Wanted, most: int) -> int:
    """A CSV file of the rows is in the archive, if there are any. How many there are: no more than ``most``."""
    first = next(rows, None) if most > 0 else None
    if first is None:
        return 0
    count = 0
    with archive.open(name, "w", force_zip64=True) as raw, io.TextIOWrapper(raw, "utf-8", newline="") as text:
        writer = csv.writer(text)
        row: tuple[Any, ...] | None = first
        while row is not None and count < most:
            writer.writerow((wanted.written(row[0].astimezone(wanted.zone)), *map(_cell, row[1:])))
            count += 1
            row = next(rows, None)
    return count


def _cell(value: object) -> object:
    """What a device said as text runs as no formula. Numbers stay numbers, also those below zero."""
    return safe_cell(value) if isinstance(value, str) else value


def _plain(number: float) -> float | int:
    """A whole number without a point."""
    return int(number) if number.is_integer() else number


def _values(device: Device, stream: Datastream, wanted: Wanted) -> Iterator[tuple[Any, ...]]:
    if not wanted.step and stream.keep_raw:
        sql = """
            SELECT at, number, text FROM devices_point
            WHERE device_id = %s AND stream_id = %s AND at >= %s ORDER BY at
        """
        rows = _rows(sql, [device.pk, stream.pk, wanted.since])
        return ((at, text if number is None else _plain(number)) for at, number, text in rows)
    # Its parts are this module's own words.
    sql = f"""
        SELECT date_trunc(%s, minute, %s) AS at, ({SOURCES[wanted.source]})::float8 FROM devices_minute
        WHERE device_id = %s AND stream_id = %s AND minute >= %s GROUP BY 1 ORDER BY 1
    """  # noqa: S608
    return _rows(sql, [wanted.step or "minute", str(wanted.zone), device.pk, stream.pk, wanted.since])


def _rows(sql: str, params: list[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows, read some at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield from rows


def _events(device: Device, wanted: Wanted) -> Iterator[tuple[Any, ...]]:
    events = Event.objects.filter(device=device, at__gte=wanted.since).order_by("at", "id")
    return events.values_list("at", "level", "code", "title", "description").iterator(ROWS_AT_ONCE)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def forget_old(kept: Path) -> None:
    """What was made on another day is gone."""
    for old in kept.iterdir():
        if not old.name.startswith(_today()):
            old.unlink(missing_ok=True)


def _today() -> str:
    return f"{clock.now():%Y%m%d}"


def folder() -> Path:
    """Where they are, a folder for each device."""
    return Path(settings.FLEETFOLK_DATA) / "device-data"
