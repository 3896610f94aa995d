"""How much one device may ask for: so many requests and bytes a second. What is refused is counted, for its page.

A process counts for itself, before anything reaches the database. Where there are several, the front door sends a
device always to the same one (`config/runtime/front_door.py`): what it may ask for does not grow with their number.
"""

import time
from typing import Any

from psycopg import AsyncConnection

REQUESTS_A_SECOND = 50
BYTES_A_SECOND = 1_000_000
"""Of bodies. The first in a second may be as large as bodies are; a device that sends no more disturbs no other."""
MOST_COUNTED = 20_000
"""Tokens. Strangers with invented ones cannot fill the memory."""

_COUNT = """
WITH locked AS (
    SELECT reported.device_id, said.count
    FROM unnest(%s::text[], %s::int[]) AS said(token_hash, count)
    JOIN devices_device device ON device.token_hash = said.token_hash AND device.token_hash <> ''
    JOIN devices_reported reported ON reported.device_id = device.id
    ORDER BY reported.device_id
    FOR NO KEY UPDATE OF reported
)
UPDATE devices_reported reported SET
    refusals = CASE WHEN refusals_on = current_date THEN refusals ELSE 0 END + locked.count,
    refusals_on = current_date
FROM locked WHERE reported.device_id = locked.device_id
"""


class Limits:
    """Counts the requests of this second by token, and refusals until they are kept."""

    def __init__(self) -> None:
        self._second = 0
        self._requests: dict[str, int] = {}
        self._bytes: dict[str, int] = {}
        self._refused: dict[str, int] = {}

    def allow(self, token_hash: str) -> bool:
        """Whether the device may ask once more in this second. If not, that is counted."""
        self._begin()
        count = self._requests.get(token_hash, 0) + 1
        if count > REQUESTS_A_SECOND:
            self.refused(token_hash)
            return False
        if count > 1 or len(self._requests) < MOST_COUNTED:
            self._requests[token_hash] = count
        return True

    def allow_bytes(self, token_hash: str, size: int) -> bool:
        """Whether the device may send so much more in this second. If not, that is counted."""
        self._begin()
        sent = self._bytes.get(token_hash, 0)
        if sent and sent + size > BYTES_A_SECOND:
            self.refused(token_hash)
            return False
        if size and (sent or len(self._bytes) < MOST_COUNTED):
            self._bytes[token_hash] = sent + size
        return True

    def _begin(self) -> None:
        """Each second counts anew."""
        second = int(time.monotonic())
        if second != self._second:
            self._second = second
            self._requests, self._bytes = {}, {}

    def refused(self, token_hash: str) -> None:
        """A limit has refused something to whoever has this token."""
        if token_hash in self._refused or len(self._refused) < MOST_COUNTED:
            self._refused[token_hash] = self._refused.get(token_hash, 0) + 1

    async def keep(self, connection: AsyncConnection[Any]) -> None:
        """What was refused since the last time is added up with the devices."""
        if not self._refused:
            return
        refused, self._refused = self._refused, {}
        await connection.execute(_COUNT, [list(refused), list(refused.values())])
