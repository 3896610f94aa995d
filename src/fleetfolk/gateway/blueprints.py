"""What the gateway keeps of a template between requests: its datastreams, kinds of events and metadata fields.

A blueprint is good for one version of its template. Versions come with each device that is looked up, so a change in
the console counts from the next request on.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row

from fleetfolk.devices.values import Stream

_TEMPLATES = """
SELECT id, tenant_id, public_id, name, version, offline_after FROM devices_template WHERE id = ANY(%s)
"""
_STREAMS = """
SELECT template_id, id, pin, name, kind, alias, minimum, maximum, default_value AS "default", decimals, keep_raw, sync,
    writable, units, choices
FROM devices_datastream WHERE template_id = ANY(%s)
"""
_EVENTS = """
SELECT template_id, id, code, name, level, description FROM devices_eventkind WHERE template_id = ANY(%s)
"""
_FIELDS = "SELECT template_id, id, name, kind, default_value FROM devices_metadatafield WHERE template_id = ANY(%s)"


@dataclass(frozen=True, kw_only=True, slots=True)
class EventKind:
    """An event that the template's devices may report."""

    id: int
    code: str
    name: str
    level: str
    description: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """A metadata field."""

    id: int
    name: str
    kind: str
    default_value: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Blueprint:
    """One version of a template."""

    id: int
    tenant_id: int
    public_id: str
    name: str
    version: int
    offline_after: int
    by_pin: Mapping[int, Stream]
    by_id: Mapping[int, Stream]
    events: Mapping[str, EventKind]
    fields: Mapping[int, Field]


class Blueprints:
    """The blueprints that were needed so far, each in its newest known version."""

    def __init__(self) -> None:
        self._kept: dict[int, Blueprint] = {}

    async def of(self, connection: AsyncConnection[Any], wanted: Iterable[tuple[int, int]]) -> dict[int, Blueprint]:
        """The blueprint of each wanted template, given with its version; read only where it has changed."""
        versions = dict(wanted)
        old = [key for key, version in versions.items() if key not in self._kept or self._kept[key].version != version]
        if old:
            for blueprint in await _read(connection, old):
                self._kept[blueprint.id] = blueprint
        return {key: self._kept[key] for key in versions}


async def _read(connection: AsyncConnection[Any], keys: Sequence[int]) -> list[Blueprint]:
    async def rows(sql: str) -> list[DictRow]:
        async with connection.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(sql, [list(keys)])
            return await cursor.fetchall()

    streams: dict[int, list[Stream]] = defaultdict(list)
    for row in await rows(_STREAMS):
        streams[row.pop("template_id")].append(Stream(**row))
    events: dict[int, list[EventKind]] = defaultdict(list)
    for row in await rows(_EVENTS):
        events[row.pop("template_id")].append(EventKind(**row))
    fields: dict[int, list[Field]] = defaultdict(list)
    for row in await rows(_FIELDS):
        fields[row.pop("template_id")].append(Field(**row))
    return [
        Blueprint(
            **row,
            by_pin={stream.pin: stream for stream in streams[row["id"]]},
            by_id={stream.id: stream for stream in streams[row["id"]]},
            events={kind.code: kind for kind in events[row["id"]]},
            fields={field.id: field for field in fields[row["id"]]},
        )
        for row in await rows(_TEMPLATES)
    ]
