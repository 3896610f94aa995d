"""The process that sends: it hears from the database that something waits, and gives each receiver a lane of its own.

A receiver that is slow keeps its lane alone; no tenant has more than some of the lanes, so that others are not kept
waiting. Several such processes may run side by side.
"""

import datetime as dt
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final

import django
import psycopg
import structlog
from django.db import DatabaseError, close_old_connections, connection, connections

from fleetfolk.devices.intake import CHANNEL as REPORTED

LANES: Final = 16
LANES_OF_TENANT: Final = 4
IDLE: Final = 2.0
"""Seconds after which it looks by itself: a word of the database may be lost with a connection."""
BUSY: Final = 0.5
RETRY: Final = 1.0

_LOG = structlog.get_logger("fleetfolk.webhooks")


class Herald:
    """Sends until it is asked to end; what is being sent is finished."""

    def __init__(self) -> None:
        self._ended = threading.Event()
        self._at_work: dict[int, tuple[int, Future[None]]] = {}
        self._looks_at_values = False

    def end(self, *_signal: object) -> None:
        """Nothing more is begun."""
        self._ended.set()

    def run(self) -> None:
        """Until it is asked to end, on one connection after another."""
        with ThreadPoolExecutor(max_workers=LANES, thread_name_prefix="webhook") as lanes:
            while not self._ended.is_set():
                try:
                    with _listening() as heard:
                        self._looks_at_values = False
                        self._listen(heard, lanes)
                except (psycopg.Error, DatabaseError) as error:
                    _LOG.warning("webhooks_wait_for_database", error=str(error).strip())
                    connection.close()
                    self._ended.wait(RETRY)

    def _listen(self, heard: "psycopg.Connection[Any]", lanes: ThreadPoolExecutor) -> None:
        while not self._ended.is_set():
            self._look_at_values(heard)
            wait = self._begin(lanes)
            notes = [*heard.notifies(timeout=wait, stop_after=1)]
            # What one transaction after another says at the same moment is one word.
            notes += heard.notifies(timeout=0)
            self._note_values(notes)

    def _look_at_values(self, heard: "psycopg.Connection[Any]") -> None:
        """It hears which devices report while somebody wants to know; what was reported before then, it looks for."""
        from fleetfolk.webhooks import values  # noqa: PLC0415

        close_old_connections()
        wanted = values.wanted()
        if wanted != self._looks_at_values:
            heard.execute(f"{'LISTEN' if wanted else 'UNLISTEN'} {REPORTED}")
            self._looks_at_values = wanted
            if wanted:
                values.note()

    def _note_values(self, notes: Sequence[psycopg.Notify]) -> None:
        from fleetfolk.webhooks import values  # noqa: PLC0415

        devices = {int(key) for note in notes if note.channel == REPORTED for key in note.payload.split(",")}
        if devices:
            values.note(devices)

    def _begin(self, lanes: ThreadPoolExecutor) -> float:
        """Whatever may begin has begun. Returns how long to wait for news, in seconds."""
        # Django is set up by now.
        from fleetfolk.webhooks.delivering import due, next_try  # noqa: PLC0415

        close_old_connections()
        self._at_work = {key: each for key, each in self._at_work.items() if not each[1].done()}
        for webhook_id, tenant_id in due():
            of_tenant = sum(tenant == tenant_id for tenant, _future in self._at_work.values())
            if webhook_id in self._at_work or of_tenant >= LANES_OF_TENANT or len(self._at_work) >= LANES:
                continue
            self._at_work[webhook_id] = (tenant_id, lanes.submit(self._carry, webhook_id))
        if self._at_work:
            return BUSY
        at = next_try()
        left = IDLE if at is None else (at - dt.datetime.now(dt.UTC)).total_seconds()
        return min(max(left, 0.05), IDLE)

    def _carry(self, webhook_id: int) -> None:
        """A lane's turn. What goes wrong is told to who runs this, and the receiver has its turn again."""
        from fleetfolk.webhooks.delivering import carry  # noqa: PLC0415

        close_old_connections()
        try:
            carry(webhook_id, stopping=self._ended.is_set)
        except Exception:  # noqa: BLE001 - the other lanes go on
            _LOG.exception("webhook_lane_failed", webhook=webhook_id)
            # With the connection goes the lock on the receiver.
            connection.close()
            self._ended.wait(RETRY)


def _listening() -> "psycopg.Connection[Any]":
    """A connection to Django's database that hears when something waits."""
    from fleetfolk.webhooks.outbox import CHANNEL  # noqa: PLC0415

    settings = connections["default"].settings_dict
    heard = psycopg.connect(
        dbname=settings["NAME"],
        user=settings["USER"] or None,
        password=settings["PASSWORD"] or None,
        host=settings["HOST"] or None,
        port=settings["PORT"] or None,
        autocommit=True,
        **{**settings["OPTIONS"], "application_name": "fleetfolk webhooks"},
    )
    heard.execute(f"LISTEN {CHANNEL}")
    return heard


def main() -> None:
    """Until it is asked to end."""
    django.setup()
    herald = Herald()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, herald.end)
    herald.run()


if __name__ == "__main__":
    main()
