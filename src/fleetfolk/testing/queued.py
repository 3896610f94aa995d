"""Work that was queued while people were only put on stage."""

from django.db import connection


def forget_queued_work() -> None:
    """No worker will find what was queued until now, nor does it grow old: mails to people of the stage."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
