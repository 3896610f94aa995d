"""Work that the worker does for people who sign up by themselves."""

import datetime as dt
from typing import Any, Final

import structlog
from django.conf import settings
from django.urls import reverse
from procrastinate.contrib.django import app

from fleetfolk.kernel.actor import system_actor
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.retries import ONCE_DATABASE_IS_BACK, PATIENTLY
from fleetfolk.users import tasks
from fleetfolk.users.actions.erase_registrations import EraseRegistrations
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.actions.rotate_registration import RotateRegistration
from fleetfolk.users.fresh_links import fresh_link
from fleetfolk.users.models import Invitation, State, User
from fleetfolk.users.models_signup import CONFIRM_WITHIN, Registration
from fleetfolk.users.signing_up import doorkeepers_of, terms_of, unfinished
from fleetfolk.users.suppression import is_suppressed

_LOG = structlog.get_logger("fleetfolk.users")
TOLD_AGAIN_AFTER: Final = dt.timedelta(hours=1)


@app.task(name="users.send_registration", queue="mail", retry=PATIENTLY)
def send_registration(*, registration_id: int, tenant_id: int) -> None:
    """Whoever reads the mails of the address knows what to do next: here alone it makes a difference who that is.

    An address with an account is told to sign in, wherever the account is; one that was invited gets its invitation
    again; one whose owner wished to be left alone gets nothing, nor does one that was not invited where that is needed.
    No word of whoever typed the address is in the mail.
    """
    row = Registration.objects.select_related("organization").filter(pk=registration_id).first()
    if row is None or not row.is_open or is_suppressed(tenant_id, row.email):
        return
    facts: dict[str, object] = {"organization": row.organization.name}
    mailed: dict[str, Any] = {"organization_id": row.organization_id, "language": row.language}
    if User.objects.filter(email=row.email, activated_at__isnull=False).exists():
        facts["link"] = settings.FLEETFOLK_ORIGIN + reverse("account_login")
        tasks.hand_over(row.email, "sign_up_known", facts, **mailed)
        return
    if _invited_again(row) or not terms_of(row.organization).takes_strangers:
        return
    made = fresh_link(RotateRegistration, target_id=row.pk, tenant_id=tenant_id, at="users:sign-up-link")
    if made is None:
        return
    facts["link"], facts["hours"] = made[1], int(CONFIRM_WITHIN.total_seconds() // 3600)
    tasks.hand_over(row.email, "sign_up", facts, **mailed)


@app.task(name="users.tell_of_registration", queue="mail", retry=PATIENTLY)
def tell_of_registration(*, registration_id: int) -> None:
    """Those who can let somebody in read that somebody waits, unless they have read so of the place in this hour."""
    row = Registration.objects.select_related("organization").filter(pk=registration_id).first()
    if row is None or row.confirmed_at is None or not row.is_waiting:
        return
    waiting = Registration.objects.filter(organization=row.organization, confirmed_at__isnull=False, user=None)
    earlier = waiting.filter(confirmed_at__lt=row.confirmed_at, confirmed_at__gt=row.confirmed_at - TOLD_AGAIN_AFTER)
    if earlier.exists():
        return
    link = settings.FLEETFOLK_ORIGIN + reverse("settings:sign-up-of", args=[row.organization_id])
    for person in doorkeepers_of(row.organization):
        facts = {"name": person.get_short_name(), "organization": row.organization.name, "link": link}
        tasks.hand_over(
            person.email,
            "sign_up_waits",
            {**facts, "waiting": waiting.count()},
            organization_id=person.organization_id,
            language=person.language,
        )


def _invited_again(row: Registration) -> bool:
    """Whether somebody here has invited the address: then its mail is on its way once more, with another link."""
    waiting = Invitation.objects.filter(
        tenant_id=row.tenant_id,
        user__email=row.email,
        user__state=State.PENDING,
        user__path__startswith=row.organization.path,
    )
    open_ones = [one for one in waiting.select_related("user") if one.is_open and one.is_bound_to(one.user)]
    for one in open_ones:
        enqueue("users.send_invitation", invitation_id=one.pk, tenant_id=one.tenant_id)
    return bool(open_ones)


@app.periodic(cron="23 * * * *")
@app.task(
    name="users.erase_registrations",
    queue="upkeep",
    queueing_lock="users.erase_registrations",
    retry=ONCE_DATABASE_IS_BACK,
)
def erase_registrations(timestamp: int) -> None:
    """No address is kept that nobody has confirmed in time."""
    for tenant_id in unfinished():
        count = perform(
            EraseRegistrations,
            actor=system_actor("caretaker", tenant_id=tenant_id),
            target_id=tenant_id,
            data=NoInput(),
        ).facts["sign_ups"]
        _LOG.info("sign_ups_erased", tenant=tenant_id, count=count)
