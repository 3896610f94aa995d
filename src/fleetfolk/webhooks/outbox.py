"""What waits to be told, and who is told that it does."""

from typing import Final

from django.db import connection

CHANNEL: Final = "webhooks_wait"
"""Notified where there is something to send: by the database's own triggers, too."""


def wake() -> None:
    """Whoever sends hears of it once the transaction is committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
