"""Each session says now and then that it was seen."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.db import connection
from django.http import HttpRequest, HttpResponse

from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import Actor

EVERY = 300
"""Seconds after which a session that is used says so again."""

EVERY_WHERE_IT_ENDS = 60
"""The same, where a session that is not used ends after a while."""

REMEMBERED = 20_000
"""So many sessions each process remembers to have written down lately."""

NOWHERE = "0.0.0.0"  # noqa: S104 - not an address to listen at: the column takes no empty one
"""Stands for an address that cannot be told."""

_lately: OrderedDict[str, float] = OrderedDict()

_SEEN = f"""
    INSERT INTO {UserSession._meta.db_table} (user_id, session_key, created_at, last_seen_at, ip, user_agent, data)
    VALUES (%(user)s, %(key)s, %(now)s, %(now)s, %(address)s, %(agent)s, '{{}}')
    ON CONFLICT (session_key) DO UPDATE
    SET user_id = EXCLUDED.user_id, last_seen_at = EXCLUDED.last_seen_at, ip = EXCLUDED.ip,
        user_agent = EXCLUDED.user_agent
"""  # noqa: S608 - the table's name


class SeenMiddleware:
    """Keeps when a session was last used, and from where: one statement every five minutes, none in between.

    Where a rule ends sessions that are not used, it is one every minute.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """An assistant at work is not the person: nothing is written down of them then."""
        actor: Actor | None = getattr(request, "actor", None)
        if actor is not None and actor.assisted_by is None:
            write_down(request, user_id=actor.user_id, address=actor.address)
        return self.get_response(request)


def write_down(request: HttpRequest, *, user_id: int | None, address: str | None) -> None:
    """The session of the request was seen just now, unless that was written down a moment ago."""
    key = request.session.session_key
    every = EVERY_WHERE_IT_ENDS if getattr(request.session, "idle", 0) else EVERY
    if key and user_id and not _was_seen(key, every):
        _write_down(request, key, user_id, address)


def _was_seen(key: str, every: int) -> bool:
    now = time.monotonic()
    if now - _lately.get(key, -every) < every:
        return True
    _lately[key] = now
    _lately.move_to_end(key)
    while len(_lately) > REMEMBERED:
        _lately.popitem(last=False)
    return False


def _write_down(request: HttpRequest, key: str, user_id: int, address: str | None) -> None:
    longest = UserSession._meta.get_field("user_agent").max_length
    values: dict[str, Any] = {
        "user": user_id,
        "key": key,
        "now": clock.now(),
        "address": address or NOWHERE,
        "agent": request.headers.get("User-Agent", "").replace("\x00", "")[:longest],
    }
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, values)
