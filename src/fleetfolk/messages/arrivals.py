"""Open pages hear that somebody's inbox has changed."""

from collections.abc import Sequence
from typing import Final

from django.db import connection

CHANNEL: Final = "inbox_changed"
MOST_TOLD: Final = 200
"""So many people are named; beyond, every open page of the tenant looks."""


def tell_arrival(tenant_id: int, user_ids: Sequence[int] | None) -> None:
    """Whoever listens hears it once the change is committed: of these people, or of all of a tenant."""
    whose = f"tenant {tenant_id}" if user_ids is None or len(user_ids) > MOST_TOLD else _keys(user_ids)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, whose])


def _keys(user_ids: Sequence[int]) -> str:
    return f"people {','.join(map(str, user_ids))}"
