"""What the worker does for messages: it puts them into inboxes and carries mails."""

import datetime as dt

from django.db.models import Q
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from fleetfolk.kernel import clock
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.messages.models import Message, MessageState
from fleetfolk.messages.sending import GOING_OUT
from fleetfolk.messages.sending import deliver as bring
from fleetfolk.messages.zones import FIRST_ZONE

_RETRY = RetryStrategy(max_attempts=6, exponential_wait=3)
SILENT_FOR = dt.timedelta(minutes=2)
"""A message that has not moved for so long has lost whoever brought it."""


@app.task(name="messages.deliver", queue="jobs", retry=_RETRY)
def deliver(*, message_id: int) -> None:
    """Everybody whom the message is for, and whose time has come, has it."""
    bring(message_id)


@app.periodic(cron="* * * * *")
@app.task(name="messages.deliver_due", queue="upkeep", queueing_lock="messages.deliver_due")
def deliver_due(timestamp: int) -> None:
    """Whatever is due, or was broken off, is with the worker."""
    now = clock.now()
    due = Q(in_zone=True, send_at__lte=now + FIRST_ZONE) | Q(in_zone=False, send_at__lte=now)
    waits = Q(state=MessageState.SCHEDULED) | Q(in_zone=True) | Q(moved_at__lte=now - SILENT_FOR)
    for key in Message.objects.filter(due, waits, state__in=GOING_OUT).order_by("pk").values_list("pk", flat=True):
        enqueue("messages.deliver", message_id=key)


from fleetfolk.messages import tasks_pushmail  # noqa: E402, F401 - its tasks are found with these
