"""What the worker does for messages: it puts them into inboxes and carries mails."""

import datetime as dt

from django.db.models import Q
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from fleetfolk.kernel import clock
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.retries import ONCE_DATABASE_IS_BACK, PATIENTLY
from fleetfolk.messages.files import sweep
from fleetfolk.messages.mails import A_TURN, carry_mails
from fleetfolk.messages.models import Attachment, Channel, Delivery, DeliveryState, Message, MessageState
from fleetfolk.messages.sending import GOING_OUT
from fleetfolk.messages.sending import deliver as bring
from fleetfolk.messages.ways import WAYS
from fleetfolk.messages.zones import FIRST_ZONE

SILENT_FOR = dt.timedelta(minutes=2)
"""A message that has not moved for so long has lost whoever brought it."""


@app.task(name="messages.deliver", queue="jobs", retry=PATIENTLY)
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


@app.task(name="messages.carry_mails", queue="mail", lock="messages.carry_mails", retry=PATIENTLY)
def carry_mails_now() -> None:
    """Whatever mail of a message is due has been tried: one such task at a time, and other mails in between."""
    if carry_mails() >= A_TURN:
        enqueue("messages.carry_mails")


@app.periodic(cron="* * * * * */30")
@app.task(name="messages.carry_waiting", queue="upkeep", queueing_lock="messages.carry_waiting")
def carry_waiting(timestamp: int) -> None:
    """What waits on any way is with who carries it: a try that failed, or whose worker was lost."""
    due = Delivery.objects.filter(state=DeliveryState.QUEUED, due_at__lte=clock.now())
    for channel in sorted(set(due.order_by().values_list("channel", flat=True).distinct())):
        way = WAYS.get(Channel(channel))
        if way is not None and not ProcrastinateJob.objects.filter(task_name=way.task, status="todo").exists():
            enqueue(way.task)


@app.periodic(cron="23 4 * * *")
@app.task(
    name="messages.sweep_files", queue="upkeep", queueing_lock="messages.sweep_files", retry=ONCE_DATABASE_IS_BACK
)
def sweep_files(timestamp: int) -> None:
    """No file is on disk that no message has."""
    sweep(set(Attachment.objects.values_list("file", flat=True)))


from fleetfolk.messages import tasks_push, tasks_pushmail  # noqa: E402, F401 - their tasks are found with these
