"""Work that the worker does so that searches find people by what is true now."""

from django.db import connection
from procrastinate.contrib.django import app

from fleetfolk.kernel.retries import PATIENTLY

SLICE = 5_000
"""So many people are looked at in one transaction: whoever changes one of them meanwhile waits for a moment at most."""


@app.task(name="users.follow_field", queue="upkeep", retry=PATIENTLY)
def follow_field(*, field_id: int) -> None:
    """Whoever has a value in the field is found by it, or is not any more, as the field says now."""
    path, key = "", 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM users_follow_field(%s, %s, %s, %s)", (field_id, path, key, SLICE))
            ((path, key),) = cursor.fetchall()
        if key is None:
            return
