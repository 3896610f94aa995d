"""Work that the worker does for sign-ins: confirming addresses, noting failures, forgetting sessions that are over."""

import structlog
from procrastinate.contrib.django import app

from fleetfolk.kernel.actor import Actor, ActorKind, Client
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.retries import ONCE_DATABASE_IS_BACK, PATIENTLY
from fleetfolk.users import tasks
from fleetfolk.users.actions.rotate_email import RotateEmail
from fleetfolk.users.actions.start_session import StartSession, StartSessionInput
from fleetfolk.users.fresh_links import fresh_link
from fleetfolk.users.models import EMAIL_CHANGE_LASTS, EmailChange, User
from fleetfolk.users.open_sessions import forget_ended_sessions

_LOG = structlog.get_logger("fleetfolk.users")


@app.task(name="users.send_email_confirmation", queue="mail", retry=PATIENTLY)
def send_email_confirmation(*, user_id: int, tenant_id: int) -> None:
    """The new address has a mail with a link that works, and the old one knows of it.

    A second run makes a second secret; the first link is void then. An address that has an account already gets a mail
    without a link, and nobody else learns of that account.
    """
    made = fresh_link(RotateEmail, target_id=user_id, tenant_id=tenant_id, at="security:email")
    if made is None:
        return
    user, link = made
    wish = EmailChange.objects.get(user=user)
    about = {
        "name": user.get_short_name(),
        "organization": user.organization.name,
        "by": wish.by_label,
        "email": wish.email,
        "days": EMAIL_CHANGE_LASTS.days,
        "link": link,
    }
    known = User.objects.filter(email=wish.email, activated_at__isnull=False).exists()
    for address, template, said in (
        (wish.email, "email_known" if known else "email_confirm", about),
        (user.email, "email_requested", {**about, "link": ""}),
    ):
        tasks.hand_over(address, template, said, organization_id=user.organization_id, language=user.language)


@app.task(name="users.note_failed_sign_in", queue="upkeep", retry=PATIENTLY)
def note_failed_sign_in(*, email: str, reason: str, client: str, address: str | None) -> None:
    """The attempt is in the log of the account, where there is one. Who tried, nobody knows."""
    user = User.objects.filter(email=email, activated_at__isnull=False).first()
    if user is None:
        return
    somebody = Actor(
        kind=ActorKind.SYSTEM,
        id="noter",
        label="Somebody",
        tenant_id=user.tenant_id,
        client=Client(client),
        address=address,
    )
    try:
        perform(StartSession, actor=somebody, target_id=user.pk, data=StartSessionInput(failed=reason))
    except ActionError as error:
        _LOG.info("sign_in_failed", user=user.pk, reason=error.reason)


@app.periodic(cron="41 3 * * *")
@app.task(
    name="users.forget_ended_sessions",
    queue="upkeep",
    queueing_lock="users.forget_ended_sessions",
    retry=ONCE_DATABASE_IS_BACK,
)
def forget_sessions(timestamp: int) -> None:
    """Nothing is kept of sessions that are over."""
    _LOG.info("sessions_forgotten", count=forget_ended_sessions())
