"""Devices that were not heard of for as long as their template allows go offline, with an event, within a second.

Every process sweeps; an advisory lock lets one at a time. The index of those that are online is by the minute of their
last report, so only those that have been silent for about as long as any template allows are looked at.
"""

from typing import Any

from psycopg import AsyncConnection

from fleetfolk.devices.intake import notes

MOST_AT_ONCE = 2_000
LOCK = 0x666C656574
"""Names the sweep among the database's advisory locks."""

_SWEEP = """
WITH silent AS MATERIALIZED (
    SELECT reported.device_id
    FROM devices_reported reported
    WHERE reported.online
        AND reported.reported_minute <= now() - make_interval(
            secs => coalesce((SELECT min(offline_after) FROM devices_template), 0))
        AND reported.online_until <= now()
    ORDER BY reported.device_id
    LIMIT %s
    FOR NO KEY UPDATE OF reported SKIP LOCKED
), gone AS (
    UPDATE devices_reported reported SET online = false
    FROM silent WHERE reported.device_id = silent.device_id
    RETURNING reported.device_id, reported.tenant_id
), told AS (
    INSERT INTO devices_event (tenant_id, device_id, code, level, title, description, at)
    SELECT tenant_id, device_id, 'offline', 'info', 'Offline', '', now() FROM gone
)
SELECT device_id FROM gone
"""


async def sweep(connection: AsyncConnection[Any]) -> list[int]:
    """The devices that went offline now. None where another process is at it."""
    async with connection.transaction():
        cursor = await connection.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        row = await cursor.fetchone()
        if row is None or not row[0]:
            return []
        cursor = await connection.execute(_SWEEP, [MOST_AT_ONCE])
        gone = [key for (key,) in await cursor.fetchall()]
        for sql, params in notes(gone):
            await connection.execute(sql, params)
        return gone
