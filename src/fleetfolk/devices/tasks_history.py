"""Work that the worker does on the history of what devices reported."""

import time
from collections.abc import Iterator

from django.db import connection
from procrastinate.contrib.django import app

from fleetfolk.devices.models import Datastream, Device, Minute, Point
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.retries import PATIENTLY

ROWS_AT_ONCE = 5_000
DEVICES_AT_ONCE = 200
SECONDS = 10.0
"""So long one job works before it leaves the rest to another, so that it keeps nothing else waiting."""

_PARTS = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass ORDER BY 1"
_FORGET = """
DELETE FROM {part} WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM {part} WHERE device_id = ANY(%s) AND stream_id = %s LIMIT %s
))
"""


@app.task(name="devices.forget_stream", queue="upkeep", retry=PATIENTLY)
def forget_stream(*, template_id: int, stream_id: int, after: int = 0) -> None:
    """Nothing is kept of what the template's devices reported of a datastream that is deleted.

    In slices, each a transaction of its own: device after device from ``after`` on, some thousand rows at a time.
    """
    if Datastream.objects.filter(pk=stream_id).exists():
        return
    until = time.monotonic() + SECONDS
    devices = Device.objects.filter(template_id=template_id).order_by("pk").values_list("pk", flat=True)
    while keys := list(devices.filter(pk__gt=after)[:DEVICES_AT_ONCE]):
        for part in _parts():
            while _forget(part, keys, stream_id) == ROWS_AT_ONCE:
                if time.monotonic() > until:
                    enqueue("devices.forget_stream", template_id=template_id, stream_id=stream_id, after=after)
                    return
        after = keys[-1]
        if time.monotonic() > until:
            enqueue("devices.forget_stream", template_id=template_id, stream_id=stream_id, after=after)
            return


def _parts() -> Iterator[str]:
    """The tables in which history is kept, a few for each month."""
    with connection.cursor() as cursor:
        for table in (Point._meta.db_table, Minute._meta.db_table):
            cursor.execute(_PARTS, [table])
            yield from [part for (part,) in cursor.fetchall()]


def _forget(part: str, device_ids: list[int], stream_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_FORGET.format(part=part), [device_ids, stream_id, ROWS_AT_ONCE])
        return int(cursor.rowcount)
