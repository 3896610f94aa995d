"""What the worker does for Push Mail: it turns mails into messages, and forgets mails as they came."""

import datetime as dt

import structlog
from django.conf import settings
from procrastinate.contrib.django import app

from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import system_actor
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.retries import ONCE_DATABASE_IS_BACK, PATIENTLY
from fleetfolk.messages.actions.accept_mail import AcceptMail
from fleetfolk.messages.actions.erase_mails import EraseMails, EraseMailsInput
from fleetfolk.messages.pushmail.models import IncomingMail, MailState
from fleetfolk.users.actions.no_input import NoInput

_LOG = structlog.get_logger("fleetfolk.pushmail")
LOST_AFTER = dt.timedelta(minutes=5)
"""Mail that waits for so long has lost whoever was to bring it."""


@app.task(name="messages.accept_mail", queue="mail", retry=PATIENTLY)
def accept_mail(*, mail_id: int) -> None:
    """The mail is in the inbox of whom it is for, once, however often this runs."""
    tenant_id = IncomingMail.objects.filter(pk=mail_id).values_list("tenant_id", flat=True).first()
    if tenant_id is None:
        return
    try:
        perform(AcceptMail, actor=system_actor("postman", tenant_id=tenant_id), target_id=mail_id, data=NoInput())
    except ActionError as error:
        _LOG.info("mail_not_accepted", mail=mail_id, reason=error.reason)


@app.periodic(cron="*/5 * * * *")
@app.task(name="messages.accept_lost_mails", queue="upkeep", queueing_lock="messages.accept_lost_mails")
def accept_lost_mails(timestamp: int) -> None:
    """Mail whose job was lost with its worker has another, for a day."""
    now = clock.now()
    waiting = IncomingMail.objects.filter(state=MailState.WAITING)
    lost = waiting.filter(received_at__range=(now - dt.timedelta(days=1), now - LOST_AFTER))
    for key in lost.order_by("pk").values_list("pk", flat=True)[:1000]:
        enqueue("messages.accept_mail", mail_id=key)


@app.periodic(cron="47 2 * * *")
@app.task(
    name="messages.erase_mails", queue="upkeep", queueing_lock="messages.erase_mails", retry=ONCE_DATABASE_IS_BACK
)
def erase_mails(timestamp: int) -> None:
    """Nothing is left of mails as they came FLEETFOLK_MAIL_IN_DAYS days ago, tenant by tenant."""
    before = clock.now() - dt.timedelta(days=settings.FLEETFOLK_MAIL_IN_DAYS)
    old = IncomingMail.objects.filter(received_at__lt=before).exclude(state=MailState.WAITING)
    for tenant_id in old.order_by("tenant_id").values_list("tenant_id", flat=True).distinct():
        perform(
            EraseMails,
            actor=system_actor("caretaker", tenant_id=tenant_id),
            target_id=tenant_id,
            data=EraseMailsInput(before=before),
        )
