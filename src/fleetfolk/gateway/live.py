"""Live updates of open pages: one process that hears from the database what changed, and tells who may know.

    granian fleetfolk.gateway.live:application --interface asginl

A page opens `/live/devices?device=1&device=2` (below `/as/<id>/` inside an assistance) and gets server-sent events:
`device` with what a device says now, `gone` when a device, or without one everything, may no longer be seen, and a
`: ping` every 15 seconds. With `support=1` a customer's page hears `support`, too: what is between them and support has
changed, and their notice says something else now. With `inbox=1` a page hears `inbox`: its viewer's messages have
changed. What is told is read anew for each delivery, with the rights of
whoever looks at that moment (`viewers.look`), at most four times a second for a page.
"""

import asyncio
import functools
import hashlib
import json
import logging
import os
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final
from urllib.parse import parse_qs

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fleetfolk.config.settings")
django.setup()

import psycopg  # noqa: E402 - needs the set-up above, as all that follows
from django.conf import settings  # noqa: E402
from django.db import Error, close_old_connections  # noqa: E402

from fleetfolk.devices.intake import CHANNEL  # noqa: E402
from fleetfolk.gateway.core import connect  # noqa: E402
from fleetfolk.gateway.viewers import Door, Seen, look  # noqa: E402
from fleetfolk.messages.arrivals import CHANNEL as INBOX  # noqa: E402

RIGHTS: Final = "rights_changed"
"""Notified by triggers wherever a right that open pages rest upon is taken away (`migrations/0003_whose_rights.py`),
with the tenant or the session that it concerns: nobody else is woken."""
SUPPORT: Final = "support_changed"
"""Notified, with the customer's key, when support asks, is let in, comes or goes (`migrations/0002_support.py`)."""
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
    """A page that is open: what it is about, what of that has changed, and what it was told last.

    ``support`` and ``inbox`` say that it wants to hear of these; whose page it is shows at the first look.
    """

    def __init__(self, door: Door, device_ids: Iterable[int], *, support: bool = False, inbox: bool = False) -> None:
        self.door = door
        self.device_ids = set(device_ids)
        self.about = frozenset(self.device_ids)
        self.support = support
        self.inbox = inbox
        self.person_id: int | None = None
        self.tenant_id: int | None = None
        self.session = session_mark(door.cookies.get(settings.SESSION_COOKIE_NAME, ""))
        self.changed: set[int] = set()
        self.everything = True
        self.closed = False
        self.wake = asyncio.Event()
        self._support_changed = False
        self._inbox_changed = False
        self._told: dict[int, str] = {}
        self._told_support = ""
        self._told_inbox = ""
        self.wake.set()

    def touch(self, device_ids: Iterable[int] | None = None) -> None:
        """These devices have changed; without any, everything is to be looked at anew."""
        if device_ids is None:
            self.everything = True
        else:
            self.changed.update(device_ids)
        self.wake.set()

    def touch_support(self, person_id: int) -> None:
        """Something is new between this person and support."""
        if self.support and self.person_id in {None, person_id}:
            self._support_changed = True
            self.wake.set()

    def touch_inbox(self, person_ids: Collection[int] | None = None) -> None:
        """The inboxes of these people have changed; without any, anybody's may have."""
        if self.inbox and (person_ids is None or self.person_id is None or self.person_id in person_ids):
            self._inbox_changed = True
            self.wake.set()

    def due(self) -> tuple[list[int], bool, bool]:
        """What is to be looked at now, which is thereby taken: the devices, and whether support and the inbox are."""
        due = self.device_ids if self.everything else self.changed & self.device_ids
        support = self.support and (self.everything or self._support_changed)
        inbox = self.inbox and (self.everything or self._inbox_changed)
        self.everything, self.changed, self._support_changed, self._inbox_changed = False, set(), False, False
        self.wake.clear()
        return sorted(due), support, inbox

    def events(self, asked: Iterable[int], seen: Seen) -> bytes:
        """What to send: what is new of the devices that may be seen, which of those asked for are gone, and more."""
        events, found = [], seen.devices
        if seen.inbox and seen.inbox != self._told_inbox:
            self._told_inbox = seen.inbox
            events.append(event("inbox", {"key": seen.inbox}))
        if seen.support and seen.support != self._told_support:
            self._told_support = seen.support
            events.append(event("support", {"key": seen.support}))
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


def session_mark(key: str) -> str:
    """What a session is called in notifications, which must not show its key."""
    return hashlib.sha256(key.encode()).hexdigest()


def event(name: str, data: dict[str, Any]) -> bytes:
    """One server-sent event."""
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()


class Live:
    """The process: every open page, and the one connection that hears of changes."""

    def __init__(self) -> None:
        self.pages: set[OpenPage] = set()
        self._about: dict[int, set[OpenPage]] = defaultdict(set)
        self._of_tenant: dict[int | None, set[OpenPage]] = defaultdict(set)
        self._of_session: dict[str, set[OpenPage]] = defaultdict(set)
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
        asked = _asked(scope["query_string"])
        if door is None or asked is None:
            await _answer(send, 404)
        elif scope["method"] != "GET":
            await _answer(send, 405)
        elif headers.get(b"sec-fetch-site") in {b"cross-site", b"same-site"}:
            await _answer(send, 403)
        else:
            device_ids, support, inbox = asked
            # Who helps a customer hears of support elsewhere: their own pages lead there. Messages are not theirs.
            own = door.assistance is None
            page = OpenPage(door, device_ids, support=support and own, inbox=inbox and own)
            await self._serve(page, receive, send)

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
            (asked, support, inbox), began = page.due(), time.monotonic()
            seen = await self._look(page, asked, support=support, inbox=inbox)
            if seen is None:
                await send(_body(event("gone", {})))
                return
            self._belongs(page, seen)
            events = page.events(asked, seen)
            if events:
                await send(_body(events))
            if not page.device_ids and not page.support and not page.inbox:
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

    async def _look(self, page: OpenPage, asked: list[int], *, support: bool, inbox: bool) -> Seen | None:
        loop = asyncio.get_running_loop()
        ask = functools.partial(_fresh_look, page.door, asked, support=support, inbox=inbox)
        return await loop.run_in_executor(self._threads, ask)

    def _add(self, page: OpenPage) -> None:
        self.pages.add(page)
        for key in page.about:
            self._about[key].add(page)
        self._of_tenant[page.tenant_id].add(page)
        self._of_session[page.session].add(page)

    def _remove(self, page: OpenPage) -> None:
        self.pages.discard(page)
        for key in page.about:
            _discard(self._about, key, page)
        _discard(self._of_tenant, page.tenant_id, page)
        _discard(self._of_session, page.session, page)

    def _belongs(self, page: OpenPage, seen: Seen) -> None:
        """From its first look on it is known whose page it is; until then it is woken by what concerns any tenant."""
        page.person_id = seen.person_id
        if page.tenant_id != seen.tenant_id:
            _discard(self._of_tenant, page.tenant_id, page)
            page.tenant_id = seen.tenant_id
            self._of_tenant[page.tenant_id].add(page)

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
                    for channel in (CHANNEL, RIGHTS, SUPPORT, INBOX):
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
            for page in self._concerned(payload):
                page.touch()
            return
        if channel == SUPPORT:
            for page in self.pages:
                page.touch_support(int(payload))
            return
        if channel == INBOX:
            self._heard_of_inboxes(payload)
            return
        for key in (int(part) for part in payload.split(",") if part.isdecimal()):
            for page in self._about.get(key, ()):
                page.touch([key])

    def _heard_of_inboxes(self, payload: str) -> None:
        """The inboxes of some people, or of a whole tenant, have changed."""
        kind, _, keys = payload.partition(" ")
        if kind == "tenant":
            for page in self._concerned(payload):
                page.touch_inbox()
            return
        people = frozenset(int(key) for key in keys.split(","))
        for page in self.pages:
            page.touch_inbox(people)

    def _concerned(self, payload: str) -> Iterable[OpenPage]:
        """The pages that rest on rights that have changed: of a session, or of a tenant."""
        kind, _, key = payload.partition(" ")
        if kind == "session":
            return self._of_session.get(key, ())
        if kind == "tenant":
            return [*self._of_tenant.get(int(key), ()), *self._of_tenant.get(None, ())]
        return self.pages

    def _touch_all(self) -> None:
        for page in self.pages:
            page.touch()


def _discard[K](pages: dict[K, set[OpenPage]], key: K, page: OpenPage) -> None:
    found = pages.get(key)
    if found is not None:
        found.discard(page)
        if not found:
            del pages[key]


def _fresh_look(door: Door, asked: list[int], *, support: bool, inbox: bool) -> Seen | None:
    """Looks with a connection of this thread that works, and leaves none behind that broke."""
    close_old_connections()
    try:
        return look(door, asked, support=support, inbox=inbox)
    finally:
        close_old_connections()


async def _left(page: OpenPage, receive: Receive) -> None:
    """The page is closed once its browser has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
    page.closed = True
    page.wake.set()


def _asked(query: bytes) -> tuple[list[int], bool, bool] | None:
    """The devices that the address names, and whether it asks for support and for the inbox.

    None where it names nothing, or too much.
    """
    try:
        said = parse_qs(query.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_DEVICES + 1)
    except ValueError:
        return None
    given, support, inbox = said.get("device", []), said.get("support") == ["1"], said.get("inbox") == ["1"]
    if not (given or support or inbox) or len(given) > MOST_DEVICES:
        return None
    if not all(each.isascii() and each.isdecimal() and len(each) < 19 for each in given):
        return None
    return [int(each) for each in given], support, inbox


async def _answer(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
    await send(_body(b"", more=False))


def _body(data: bytes, *, more: bool = True) -> dict[str, Any]:
    return {"type": "http.response.body", "body": data, "more_body": more}


application = Live()
