"""Mails are sent at the story's own time: what an Action queued is run in place, instead of by the worker later."""

import datetime as dt
import json

from django.db import connection
from procrastinate.contrib.django import app

from fleetfolk.kernel import clock

_QUEUE = "mail"
_WAITING = "SELECT id, task_name, args FROM procrastinate_jobs WHERE queue_name = %s AND status = 'todo' ORDER BY id"


def run_errands(at: dt.datetime) -> int:
    """The queue of mails is empty: each was sent at this moment, a second after the other. The number of them.

    A job leaves the queue after its mail is sent, so an interruption sends a mail twice rather than never; that is
    what the worker promises, too.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [_QUEUE])
        waiting = cursor.fetchall()
        for number, (job_id, task, arguments) in enumerate(waiting):
            with clock.at(at + dt.timedelta(seconds=number)):
                app.tasks[task](**json.loads(arguments))
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job_id])
    return len(waiting)
