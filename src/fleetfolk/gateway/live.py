"""Live updates of open pages: one process that hears from the database what changed, and tells who may know.

    granian fleetfolk.gateway.live:application --interface asginl

A page opens `/live/devices?device=1&device=2` (below `/as/<id>/` inside an assistance) and gets server-sent events:
`device` with what a device says now, `gone` when a device, or without one everything, may no longer be seen, and a
`: ping` every 15 seconds. What is told is read anew for each delivery, with the rights of whoever looks at that moment
(`viewers.look`), at most four times a second for a page.
"""

import asyncio
import functools
import json
import logging
import os
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final
from urllib.parse import parse_qs

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fleetfolk.config.settings")
django.setup()

import psycopg  # noqa: E402 - needs the set-up above, as all that follows
from django.db import Error, close_old_connections  # noqa: E402

from fleetfolk.devices.intake import CHANNEL  # noqa: E402
from fleetfolk.gateway.core import connect  # noqa: E402
from fleetfolk.gateway.viewers import Door, look  # noqa: E402

RIGHTS: Final = "rights_changed"
"""Notified by triggers wherever a right that open pages rest upon is taken away (`migrations/0001_rights.py`)."""
MOST_DEVICES: Final = 200
MOST_PAGES: Final = 4_000
MOST_FROM_ONE: Final = 40
"""Pages that one cookie keeps open."""
PING_SECONDS: Final = 15.0
PAUSE_SECONDS: Final = 0.25
RETRY_SECONDS: Final = 0.5
THREADS: Final = 4

_LOG = logging.getLogger(__name__)

type Scope = dict[str, Any]
type Receive = Callable[[], Awaitable[dict[str, Any]]]
type Send = Callable[[dict[str, Any]], Awaitable[None]]

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]
PING = b": ping\n\nevent: alive\ndata: 1\n\n"


class OpenPage:
    """A page that is open: what it is about, what of that has changed, and what it was told last."""

    def __init__(self, door: Door, device_ids: Iterable[int]) -> None:
        self.door = door
        self.device_ids = set(device_ids)
        self.changed: set[int] = set()
        self.everything = True
        self.closed = False
        self.wake = asyncio.Event()
        self._told: dict[int, str] = {}
        self.wake.set()

    def touch(self, device_ids: Iterable[int] | None = None) -> None:
        """These devices have changed; without any, everything is to be looked at anew."""
        if device_ids is None:
            self.everything = True
        else:
            self.changed.update(device_ids)
        self.wake.set()

    def due(self) -> list[int]:
        """What is to be looked at now, which is thereby taken."""
        due = self.device_ids if self.everything else self.changed & self.device_ids
        self.everything, self.changed = False, set()
        self.wake.clear()
        return sorted(due)

    def events(self, asked: Iterable[int], found: dict[int, dict[str, Any]]) -> bytes:
        """What to send: what is new of the devices that may be seen, and which of those asked for are gone."""
        events = []
        for key in asked:
            if key not in found:
                self.device_ids.discard(key)
                events.append(event("gone", {"device": key}))
                continue
            data = json.dumps(found[key], separators=(",", ":"))
            if self._told.get(key) != data:
                self._told[key] = data
                events.append(f"event: device\ndata: {data}\n\n".encode())
        return b"".join(events)


def event(name: str, data: dict[str, Any]) -> bytes:
    """One server-sent event."""
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()


class Live:
    """The process: every open page, and the one connection that hears of changes."""

    def __init__(self) -> None:
        self.pages: set[OpenPage] = set()
        self._about: dict[int, set[OpenPage]] = defaultdict(set)
        self._by_door: Counter[str] = Counter()
        self._threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="live")
        self._listening: asyncio.Event | None = None
        self._listener: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a page; and, to whoever looks after the process, whether it hears the database."""
        if scope["type"] != "http":
            return
        self._listen()
        if scope["path"] == "/readyz":
            await _answer(send, 200 if self._listening and self._listening.is_set() else 503)
            return
        headers = {name.lower(): value for name, value in scope["headers"]}
        door = Door.at(scope["path"], headers.get(b"cookie", b"").decode("latin-1"))
        device_ids = _device_ids(scope["query_string"])
        if door is None or device_ids is None:
            await _answer(send, 404)
        elif scope["method"] != "GET":
            await _answer(send, 405)
        elif headers.get(b"sec-fetch-site") in {b"cross-site", b"same-site"}:
            await _answer(send, 403)
        else:
            await self._serve(OpenPage(door, device_ids), receive, send)

    async def _serve(self, page: OpenPage, receive: Receive, send: Send) -> None:
        who = str(sorted(page.door.cookies.items()))
        if len(self.pages) >= MOST_PAGES or self._by_door[who] >= MOST_FROM_ONE:
            await _answer(send, 503)
            return
        self._by_door[who] += 1
        self._add(page)
        leaving = asyncio.create_task(_left(page, receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await send(_body(b"retry: 3000\n\n"))
            await self._tell(page, send)
            await send(_body(b"", more=False))
        except (psycopg.Error, Error):
            _LOG.warning("A page was not told what changed: the database did not answer.", exc_info=True)
        finally:
            leaving.cancel()
            self._remove(page)
            self._by_door[who] -= 1
            if not self._by_door[who]:
                del self._by_door[who]

    async def _tell(self, page: OpenPage, send: Send) -> None:
        """Sends what changes, until the page is closed or nothing of it may be seen any more."""
        while not page.closed:
            asked, began = page.due(), time.monotonic()
            found = await self._look(page, asked)
            if found is None:
                await send(_body(event("gone", {})))
                return
            events = page.events(asked, found)
            if events:
                await send(_body(events))
            if not page.device_ids:
                return
            await self._pause(page, began, send)

    async def _pause(self, page: OpenPage, began: float, send: Send) -> None:
        """Waits for a change, at least for a quarter of a second; every 15 seconds all is looked at anyway."""
        try:
            await asyncio.wait_for(page.wake.wait(), PING_SECONDS)
        except TimeoutError:
            # Shares and assistances also end by themselves, of which nobody is notified.
            page.touch()
            await send(_body(PING))
        await asyncio.sleep(max(0.0, began + PAUSE_SECONDS - time.monotonic()))

    async def _look(self, page: OpenPage, asked: list[int]) -> dict[int, dict[str, Any]] | None:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, functools.partial(_fresh_look, page.door, asked))

    def _add(self, page: OpenPage) -> None:
        self.pages.add(page)
        for key in page.device_ids:
            self._about[key].add(page)

    def _remove(self, page: OpenPage) -> None:
        self.pages.discard(page)
        for key in [key for key, pages in self._about.items() if page in pages]:
            self._about[key].discard(page)
            if not self._about[key]:
                del self._about[key]

    def _listen(self) -> None:
        """Somebody listens from the first request on."""
        if self._listener is None or self._listener.done():
            self._listening = asyncio.Event()
            self._listener = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        """Hears of changes, on one connection after another. What was missed meanwhile is looked at."""
        assert self._listening is not None  # noqa: S101 - narrows the type; `_listen` made it
        while True:
            try:
                async with await connect("fleetfolk live") as connection:
                    for channel in (CHANNEL, RIGHTS):
                        await connection.execute(f"LISTEN {channel}")
                    self._listening.set()
                    self._touch_all()
                    async for note in connection.notifies():
                        self._heard(note.channel, note.payload)
            except psycopg.Error as error:
                _LOG.warning("Live updates have lost the database and try again: %s", str(error).strip())
            self._listening.clear()
            await asyncio.sleep(RETRY_SECONDS)

    def _heard(self, channel: str, payload: str) -> None:
        if channel == RIGHTS:
            self._touch_all()
            return
        for key in (int(part) for part in payload.split(",") if part.isdecimal()):
            for page in self._about.get(key, ()):
                page.touch([key])

    def _touch_all(self) -> None:
        for page in self.pages:
            page.touch()


def _fresh_look(door: Door, asked: list[int]) -> dict[int, dict[str, Any]] | None:
    """Looks with a connection of this thread that works, and leaves none behind that broke."""
    close_old_connections()
    try:
        return look(door, asked)
    finally:
        close_old_connections()


async def _left(page: OpenPage, receive: Receive) -> None:
    """The page is closed once its browser has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
    page.closed = True
    page.wake.set()


def _device_ids(query: bytes) -> list[int] | None:
    """The devices that the address names; None where it names none, or too many."""
    try:
        given = parse_qs(query.decode("ascii"), max_num_fields=MOST_DEVICES).get("device", [])
    except ValueError:
        return None
    if not given or not all(each.isascii() and each.isdecimal() and len(each) < 19 for each in given):
        return None
    return [int(each) for each in given]


async def _answer(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
    await send(_body(b"", more=False))


def _body(data: bytes, *, more: bool = True) -> dict[str, Any]:
    return {"type": "http.response.body", "body": data, "more_body": more}


application = Live()
