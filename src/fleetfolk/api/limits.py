"""So many requests a minute for all keys of an organization together.

Each process takes a handful from the minute's number in the database and spends it by itself: one statement for many
requests. Never more than the limit is let in; a few less may be, where another process has some left in its hand.
"""

import datetime as dt
import threading
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db import connection

from fleetfolk.api.problems import Problem
from fleetfolk.kernel import clock

TAKE: Final = """
    INSERT INTO api_window (organization_id, minute, used) VALUES (%(organization)s, %(minute)s, %(handful)s)
    ON CONFLICT (organization_id) DO UPDATE SET minute = EXCLUDED.minute, used = EXCLUDED.used
        + CASE WHEN api_window.minute = EXCLUDED.minute THEN api_window.used ELSE 0 END
    RETURNING used
"""
HANDFULS: Final = 200
REMEMBERED: Final = 20_000


@dataclass(slots=True)
class _Hand:
    """What this process may still spend in the minute, and how much was taken in all when it last looked."""

    minute: dt.datetime
    left: int = 0
    taken: int = 0


_hands: dict[int, _Hand] = {}
_lock = threading.Lock()


def spend(organization_id: int) -> dict[str, str]:
    """One request is spent; the headers that say how many are left. Raises `Problem` where none is."""
    limit = settings.FLEETFOLK_API_PER_MINUTE
    now = clock.now()
    minute = now.replace(second=0, microsecond=0)
    seconds = 60 - now.second
    with _lock:
        hand = _hands.get(organization_id)
        if hand is None or hand.minute != minute:
            if len(_hands) > REMEMBERED:
                _hands.clear()
            hand = _hands[organization_id] = _Hand(minute)
        if not hand.left and hand.taken < limit:
            _take(organization_id, hand, limit)
        left = hand.left
        hand.left = max(left - 1, 0)
        remaining = max(limit - hand.taken, 0) + hand.left
    headers = {
        "RateLimit-Limit": str(limit),
        "RateLimit-Remaining": str(remaining),
        "RateLimit-Reset": str(seconds),
    }
    if not left:
        raise Problem(429, "rate_limit", headers={**headers, "Retry-After": str(seconds)}, limit=limit, seconds=seconds)
    return headers


def _take(organization_id: int, hand: _Hand, limit: int) -> None:
    handful = max(limit // HANDFULS, 1)
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"organization": organization_id, "minute": hand.minute, "handful": handful})
        (used,) = cursor.fetchone()
    hand.taken = used
    hand.left = max(min(handful, limit - (used - handful)), 0)


def forget() -> None:
    """Nothing is in this process's hand."""
    with _lock:
        _hands.clear()
