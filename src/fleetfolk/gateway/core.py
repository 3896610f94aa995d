"""The gateway's core: tells devices by their tokens, takes in what they say, hands out what they are to do, and knows
which are there. Protocols are thin shells around `Core.ask`.

Requests that are under way are done together, in one transaction after another (group commit): each is answered only
once what it said is saved, and each token is looked up anew, so that what is revoked is refused at the next request.
Several processes can do this side by side.
"""

import asyncio
import functools
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
from django.db import close_old_connections, connections

from fleetfolk.gateway.errands import INVALID_TOKEN, Done, Errand, Refusal, Unavailable
from fleetfolk.gateway.flush import Flusher
from fleetfolk.gateway.limits import Limits
from fleetfolk.gateway.measures import ERRANDS, FLUSH_SECONDS, VALUES
from fleetfolk.gateway.presence import sweep

MOST_ERRANDS = 1_000
MOST_WEIGHT = 40_000
"""A flush takes no more than so many requests and values: it must not keep the next ones waiting."""
MOST_WAITING = 20_000
BUSY = 4
"""From so many requests in a flush on, the next waits a moment for company: fewer commits for the same work."""
COMPANY_SECONDS = 0.004
RETRY_SECONDS = 0.5
TIDY_SECONDS = 0.5
QUIET_SECONDS = 10.0
"""Between two lines of the log that say that the database saves nothing."""

_LOG = logging.getLogger(__name__)

type FirstContact = Callable[[Errand], None]
"""What is done, in a thread, when a device signs in for the first time. Raises `Refusal`."""


class Core:
    """One per process. `run` does the work for as long as the process lives; `ask` waits for an answer."""

    def __init__(self, *, first_contact: FirstContact) -> None:
        self.limits = Limits()
        self.threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="gateway")
        self._first_contact = first_contact
        self._flusher = Flusher()
        self._waiting: list[Errand] = []
        self._work = asyncio.Event()
        self._tasks: set[asyncio.Task[Any]] = set()
        self.connected = False
        self._quiet_until = 0.0

    async def ask(self, errand: Errand) -> Done:
        """What the device is told, once it is saved. Raises `Refusal`, or `Unavailable` where nothing was saved."""
        if len(self._waiting) >= MOST_WAITING:
            raise Unavailable("too many requests wait")
        self._waiting.append(errand)
        self._work.set()
        try:
            done = await errand.answer
        except Refusal as refusal:
            if refusal.limit:
                self.limits.refused(errand.token_hash)
            raise
        return done

    async def in_thread[T](self, work: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """The result of something rare that uses Django's own connection."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self.threads, functools.partial(_with_fresh_connection, work, *args, **kwargs)
        )

    def start(self) -> None:
        """The core works from now on."""
        for each in (self._run(), self._tidy()):
            self._keep(asyncio.get_running_loop().create_task(each))

    async def stop(self) -> None:
        """The core has ended; who still waited was told that nothing was saved."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._settle(self._waiting)
        self._waiting = []
        self.threads.shutdown(wait=False)

    async def _run(self) -> None:
        """Does what waits, on one connection after another."""
        while True:
            try:
                async with await connect("fleetfolk gateway") as connection:
                    self.connected = True
                    while True:
                        await self._next(connection)
            except psycopg.OperationalError as error:
                self.connected = False
                _LOG.warning("The gateway has lost the database and tries again: %s", str(error).strip())
                self._settle(self._waiting)
                self._waiting = []
                await asyncio.sleep(RETRY_SECONDS)

    async def _next(self, connection: psycopg.AsyncConnection[Any]) -> None:
        await self._work.wait()
        if len(self._waiting) >= BUSY:
            await asyncio.sleep(COMPANY_SECONDS)
        errands = self._take()
        try:
            await self._flush(connection, errands)
        finally:
            # However the flush ended, everybody is answered: with an outcome if it was saved, else that it was not.
            self._settle(errands)

    def _take(self) -> list[Errand]:
        """The next errands, in the order in which they came."""
        weight = count = 0
        for errand in self._waiting[:MOST_ERRANDS]:
            weight += errand.weight
            if count and weight > MOST_WEIGHT:
                break
            count += 1
        errands, self._waiting = self._waiting[:count], self._waiting[count:]
        if not self._waiting:
            self._work.clear()
        return errands

    async def _flush(self, connection: psycopg.AsyncConnection[Any], errands: list[Errand]) -> None:
        """The errands are done; where the database refuses one, the others are done without it."""
        began = time.perf_counter()
        try:
            strangers = await self._flusher.flush(connection, errands)
        except psycopg.OperationalError:
            _forget(errands)
            if connection.closed:
                raise
            await self._one_by_one(connection, errands)
            return
        except psycopg.Error:
            _forget(errands)
            _LOG.exception("A flush of %s requests failed.", len(errands))
            await self._one_by_one(connection, errands)
            return
        for errand in strangers:
            errands.remove(errand)
            self._keep(asyncio.get_running_loop().create_task(self._meet(errand)))
        FLUSH_SECONDS.observe(time.perf_counter() - began)
        ERRANDS.inc(len(errands))
        VALUES.inc(sum(len(errand.outcome.reports) for errand in errands if isinstance(errand.outcome, Done)))

    async def _one_by_one(self, connection: psycopg.AsyncConnection[Any], errands: Sequence[Errand]) -> None:
        """Each errand has a transaction of its own; one that fails again is the one to blame."""
        for errand in errands:
            try:
                strangers = await self._flusher.flush(connection, [errand])
            except psycopg.Error as error:
                if connection.closed:
                    raise
                self._complain(error)
                errand.outcome = Unavailable(str(error))
                continue
            if strangers:
                errand.outcome = Unavailable("asked again")
            errand.settle()

    def _complain(self, error: psycopg.Error) -> None:
        """A defect is in the log whole; that the database cannot now, say for want of room, once in a while."""
        if not isinstance(error, psycopg.OperationalError):
            _LOG.exception("A request failed.")
        elif time.monotonic() >= self._quiet_until:
            self._quiet_until = time.monotonic() + QUIET_SECONDS
            _LOG.warning("The database saves nothing for now, and devices are told to come again: %s", error)

    async def _meet(self, errand: Errand) -> None:
        """A device signs in for the first time, and then its errand is done like any other."""
        try:
            await self.in_thread(self._first_contact, errand)
        except Refusal:
            errand.outcome = Refusal(INVALID_TOKEN)
            errand.settle()
        except Exception as defect:  # noqa: BLE001 - told to the device, loud in the log
            _LOG.exception("A first contact failed.")
            errand.outcome = defect
            errand.settle()
        else:
            self._waiting.append(errand)
            self._work.set()

    async def _tidy(self) -> None:
        """Twice a second: who has fallen silent goes offline, and what the limits refused is counted."""
        while True:
            try:
                async with await connect("fleetfolk gateway presence") as connection:
                    while True:
                        await sweep(connection)
                        await self.limits.keep(connection)
                        await asyncio.sleep(TIDY_SECONDS)
            except psycopg.Error as error:
                _LOG.warning("Presence waits for the database: %s", str(error).strip())
                await asyncio.sleep(RETRY_SECONDS)

    def _keep(self, task: asyncio.Task[Any]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _LOG.critical("A part of the gateway's core has ended.", exc_info=task.exception())
            # A process that answers and saves nothing is worse than none: the supervisor starts another.
            raise SystemExit(1)

    @staticmethod
    def _settle(errands: Sequence[Errand]) -> None:
        for errand in errands:
            errand.settle()


def _forget(errands: Sequence[Errand]) -> None:
    """No outcome counts: it was not saved."""
    for errand in errands:
        errand.outcome = None


def _with_fresh_connection[T](work: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Runs with a connection of this thread that works, and leaves none behind that broke."""
    close_old_connections()
    try:
        return work(*args, **kwargs)
    finally:
        close_old_connections()


async def connect(name: str) -> psycopg.AsyncConnection[Any]:
    """A connection to Django's database, each statement a transaction of its own unless one is opened."""
    settings = connections["default"].settings_dict
    options = {**settings["OPTIONS"], "application_name": name}
    return await psycopg.AsyncConnection.connect(
        dbname=settings["NAME"],
        user=settings["USER"] or None,
        password=settings["PASSWORD"] or None,
        host=settings["HOST"] or None,
        port=settings["PORT"] or None,
        autocommit=True,
        **options,
    )
