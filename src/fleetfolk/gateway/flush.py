"""One transaction for everything that waits: who is it, may it, write it, tell it. The SQL of the gateway's core.

Rows of `devices_reported` are locked in the order of their keys before anything is written, in every process, so that
flushes wait for one another and never deadlock.
"""

import datetime as dt
import json
import logging
from collections.abc import Iterator, Sequence
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row

from fleetfolk.devices.intake import GAINED, Latest, Report, Statement, columns, history, latest_of, notes
from fleetfolk.gateway.blueprints import Blueprint, Blueprints
from fleetfolk.gateway.errands import INVALID_TOKEN, Done, Errand, Known, Logged, Refusal

ACTIVE, WAITING = 1, 2

_FIND = """
SELECT device.token_hash, device.id, device.tenant_id, device.name, device.state, device.template_id, template.version,
    reported.online, reported.online AND reported.online_until > now() AS present,
    CASE WHEN reported.events_on = current_date THEN reported.events ELSE 0 END AS events_today,
    CASE WHEN asked.reads THEN reported."values" END AS "values",
    CASE WHEN asked.reads THEN reported.properties END AS properties,
    CASE WHEN asked.reads THEN device.metadata END AS metadata,
    CASE WHEN asked.reads THEN device.longitude END AS longitude,
    CASE WHEN asked.reads THEN device.latitude END AS latitude
FROM unnest(%s::text[], %s::boolean[]) AS asked(token_hash, reads)
JOIN devices_device device ON device.token_hash = asked.token_hash AND device.token_hash <> ''
JOIN devices_template template ON template.id = device.template_id
JOIN devices_reported reported ON reported.device_id = device.id
"""
_FIND_TO_WRITE = _FIND + "ORDER BY device.id FOR NO KEY UPDATE OF reported"

_HEARD = f"""
UPDATE devices_reported reported SET
    {GAINED},
    properties = coalesce(said.properties::jsonb, reported.properties),
    online = true,
    online_until = %s + make_interval(secs => said.offline_after),
    reported_at = %s,
    reported_minute = date_trunc('minute', %s),
    protocol = said.protocol,
    address = said.address::inet,
    events = said.events,
    events_on = current_date
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::int[], %s::text[], %s::text[], %s::int[])
    AS said(device_id, "values", times, properties, offline_after, protocol, address, events)
WHERE reported.device_id = said.device_id
"""  # noqa: S608 - of our own words
_EVENTS = """
INSERT INTO devices_event (tenant_id, device_id, kind_id, code, level, title, description, at)
SELECT tenant_id, device_id, kind_id, code, level, title, description, %s
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[])
    AS said(tenant_id, device_id, kind_id, code, level, title, description)
"""
# Of some kinds somebody is to be told by mail: that is written down with the event, and done elsewhere.
_LOGGED = (
    "WITH logged AS ("
    + _EVENTS
    + """RETURNING id, kind_id)
INSERT INTO devices_eventnotice (event_id)
SELECT logged.id FROM logged JOIN devices_eventkind kind ON kind.id = logged.kind_id WHERE cardinality(kind.notify) > 0
"""
)
_LOG = logging.getLogger(__name__)


class Batch:
    """What the errands of one flush write, gathered."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self._reports: list[Report] = []
        self._heard: dict[int, tuple[Known, Errand]] = {}
        self._properties: dict[int, str] = {}
        self._events: list[tuple[Known, Logged]] = []

    def add(self, known: Known, errand: Errand, done: Done) -> None:
        """The errand is part of this flush."""
        if errand.writes:
            self._heard[known.id] = (known, errand)
        self._reports += done.reports
        self._events += [(known, event) for event in done.events]
        if done.properties is not None:
            known.properties = {pin: dict(each) for pin, each in done.properties.items()}
            self._properties[known.id] = json.dumps(known.properties)

    def statements(self) -> Iterator[Statement]:
        """Everything that is to be written, in the order in which locks are taken."""
        if not self._heard:
            return
        latest = latest_of(self._reports)
        rows = []
        for key, (known, errand) in sorted(self._heard.items()):
            values, times = latest.get(key, Latest({}, {})).as_json()
            rows.append(
                (
                    *(key, values, times, self._properties.get(key), known.blueprint.offline_after),
                    *(errand.origin.protocol, errand.origin.address, known.events_today),
                )
            )
        yield _HEARD, [self.now, self.now, self.now, *columns(rows)]
        yield from history(self._reports)
        events = [*self._connected(), *self._logged()]
        if events:
            yield _LOGGED if self._events else _EVENTS, [self.now, *columns(events)]
        yield from notes(self._heard)

    def _connected(self) -> Iterator[Sequence[Any]]:
        for known, _ in self._heard.values():
            if not known.online:
                yield known.tenant_id, known.id, None, "online", "info", "Online", ""

    def _logged(self) -> Iterator[Sequence[Any]]:
        for known, event in self._events:
            kind = event.kind
            yield known.tenant_id, known.id, kind.id, kind.code, kind.level, kind.name, event.description


class Flusher:
    """Does errands, many in one transaction, on a connection of its own."""

    def __init__(self) -> None:
        self._blueprints = Blueprints()

    async def flush(self, connection: AsyncConnection[Any], errands: Sequence[Errand]) -> list[Errand]:
        """Every errand has its outcome, saved if it wrote; those whose device is here for the first time come back.

        What the database refuses is raised, and then nothing of any errand was saved.
        """
        now = dt.datetime.now(dt.UTC)
        strangers: list[Errand] = []
        async with connection.pipeline() as pipeline, connection.transaction():
            known, first = await self._find(connection, errands)
            batch = Batch(now)
            for errand in errands:
                device = known.get(errand.token_hash)
                if device is None and errand.token_hash in first:
                    strangers.append(errand)
                    continue
                _do(errand, device, batch)
            for sql, params in batch.statements():
                await connection.execute(sql, params)
            await pipeline.sync()
        return strangers

    async def _find(
        self, connection: AsyncConnection[Any], errands: Sequence[Errand]
    ) -> tuple[dict[str, Known], set[str]]:
        """The devices by the hashes of their tokens, those that write locked; and the hashes of first contacts."""
        writing: dict[str, bool] = {}
        looking: dict[str, bool] = {}
        for errand in errands:
            if errand.writes:
                writing[errand.token_hash] = writing.get(errand.token_hash, False) or errand.reads
            else:
                looking[errand.token_hash] = True
        for token_hash in looking.keys() & writing.keys():
            writing[token_hash] = looking.pop(token_hash)
        cursors = []
        for sql, asked in ((_FIND_TO_WRITE, writing), (_FIND, looking)):
            if asked:
                cursor = connection.cursor(row_factory=dict_row)
                await cursor.execute(sql, [list(asked), list(asked.values())])
                cursors.append(cursor)
        rows = [row for cursor in cursors for row in await cursor.fetchall()]
        active = [row for row in rows if row["state"] == ACTIVE]
        blueprints = await self._blueprints.of(connection, ((row["template_id"], row["version"]) for row in active))
        known = {row["token_hash"]: _known(row, blueprints[row["template_id"]]) for row in active}
        return known, {row["token_hash"] for row in rows if row["state"] == WAITING}


def _do(errand: Errand, device: Known | None, batch: Batch) -> None:
    """The errand has its outcome, and what it writes is in the batch."""
    if device is None:
        errand.outcome = Refusal(INVALID_TOKEN)
        return
    try:
        done = errand.work(device, int(batch.now.timestamp() * 1000))
    except Refusal as refusal:
        errand.outcome = refusal
    except Exception as defect:  # noqa: BLE001
        # A defect in one protocol's work is told to that one device; the others do not fail with it.
        _LOG.exception("An errand failed.")
        errand.outcome = defect
    else:
        batch.add(device, errand, done)
        errand.outcome = done


def _known(row: DictRow, blueprint: Blueprint) -> Known:
    place = None if row["longitude"] is None else (row["longitude"], row["latitude"])
    return Known(
        id=row["id"],
        tenant_id=row["tenant_id"],
        name=row["name"],
        blueprint=blueprint,
        online=row["online"],
        present=row["present"],
        events_today=row["events_today"],
        values=row["values"],
        properties=row["properties"],
        metadata=row["metadata"],
        place=place,
    )
