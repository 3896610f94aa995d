"""Work that the worker does for remote assistance: mails, and ending what is over."""

import datetime as dt
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app

from fleetfolk.access.models_switches import HeldAt, HoldsAny
from fleetfolk.actionlog.tasks import month_from
from fleetfolk.actionlog.web.rows import action_name
from fleetfolk.assistance.actions.erase_records import EraseRecords, EraseRecordsInput
from fleetfolk.assistance.actions.rotate_request import RotateRequest
from fleetfolk.assistance.caretaking import cause_by_rules, end_for
from fleetfolk.assistance.measures import ENDED
from fleetfolk.assistance.models import Assistance, Consent, EndCause, Request
from fleetfolk.assistance.pages_seen import page_of
from fleetfolk.assistance.permissions import APPROVE
from fleetfolk.assistance.queries import MANY, entries_of
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import AssistMode, system_actor
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.retries import ONCE_DATABASE_IS_BACK, PATIENTLY
from fleetfolk.users import tasks as mails
from fleetfolk.users.fresh_links import fresh_link
from fleetfolk.users.mail import spoken
from fleetfolk.users.models import User
from fleetfolk.users.signed_in import signed_in_person

_LOG = structlog.get_logger("fleetfolk.assistance")
MOST_LINES = 40
MOST_OVERSEERS = 20


@app.task(name="assistance.send_request", queue="mail", retry=PATIENTLY)
def send_request(*, request_id: int, tenant_id: int) -> None:
    """The customer has a mail with a link by which they can answer, unless they have answered already."""
    if not Request.objects.filter(pk=request_id).exists():
        return
    made = fresh_link(RotateRequest, target_id=request_id, tenant_id=tenant_id, at="assistance:answer-link")
    if made is None:
        return
    asked, link = made
    customer = asked.user
    mails.hand_over(
        customer.email,
        "assist_asked",
        {
            "name": customer.get_short_name(),
            "agent": asked.agent_label,
            "organization": customer.tenant.name,
            "reason": asked.reason,
            "acting": asked.mode == AssistMode.ACT,
            "minutes": asked.minutes,
            "link": link,
        },
        organization_id=customer.organization_id,
        language=customer.language,
    )


@app.task(name="assistance.send_summary", queue="mail", retry=PATIENTLY)
def send_summary(*, assistance_id: int) -> None:
    """The customer knows what was looked at and what was changed; so does their record in the portal."""
    row = Assistance.objects.select_related("user__organization").filter(pk=assistance_id).first()
    if row is None or row.ended_at is None:
        return
    ENDED.labels(cause=row.end_cause).inc()
    customer = row.user
    zone = ZoneInfo(customer.time_zone or customer.organization.time_zone)
    with spoken(customer.language), timezone.override(zone):
        _summarize(row, customer)


def _summarize(row: Assistance, customer: User) -> None:
    pages = list(dict.fromkeys(page_of(visit) for visit in row.visits.filter(status__lt=400).order_by("at", "pk")))
    changes = [action_name(entry.code) for entry in entries_of(row).filter(result="done")]
    mails.hand_over(
        customer.email,
        "assist_summary",
        {
            "name": customer.get_short_name(),
            "agent": row.agent_label,
            "organization": customer.tenant.name,
            "reason": row.reason,
            "began": row.started_at,
            "ended": row.ended_at,
            "how": row.get_end_cause_display(),
            "pages": pages[:MOST_LINES],
            "changes": changes[:MOST_LINES],
            "link": settings.FLEETFOLK_ORIGIN + reverse("assistance:own-record", args=[row.public_id]),
        },
        organization_id=customer.organization_id,
        language=customer.language,
    )


@app.task(name="assistance.tell_overseers", queue="mail", retry=PATIENTLY)
def tell_overseers(*, assistance_id: int) -> None:
    """Who oversees remote assistance where the customer is knows of one that is unusual."""
    row = Assistance.objects.select_related("organization").filter(pk=assistance_id).first()
    if row is None or not row.unusual:
        return
    overseers = User.objects.filter(
        HoldsAny(HeldAt(F("role_id"), F("path")), [APPROVE.code]), tenant_id=row.tenant_id, is_active=True
    ).exclude(pk=row.agent_id or 0)
    reached = [person for person in overseers.order_by("pk")[:200] if row.path.startswith(person.path)]
    for person in reached[:MOST_OVERSEERS]:
        mails.hand_over(
            person.email,
            "assist_unusual",
            {
                "name": person.get_short_name(),
                "agent": row.agent_label,
                "customer": row.user_label,
                "organization": row.organization.name,
                "reason": row.reason,
                "many": row.unusual == "many",
                "limit": MANY,
                "link": settings.FLEETFOLK_ORIGIN + reverse("assistance:record", args=[row.public_id]),
            },
            organization_id=person.organization_id,
            language=person.language,
        )


@app.periodic(cron="* * * * *")
@app.task(name="assistance.end_over", queue="upkeep", queueing_lock="assistance.end_over")
def end_over(timestamp: int) -> None:
    """No assistance goes on whose time is over, or which could not begin now. Requests ask for themselves, too."""
    for row in Assistance.objects.filter(ended_at__isnull=True).order_by("pk").iterator():
        cause = row.over
        if cause is None and row.agent_id is not None:
            agent, customer = signed_in_person(row.agent_id), signed_in_person(row.user_id)
            cause = cause_by_rules(row, agent, customer)
        if cause is not None or row.agent_id is None:
            end_for(row, cause or EndCause.RIGHTS)


@app.periodic(cron="25 2 * * *")
@app.task(name="assistance.forget", queue="upkeep", queueing_lock="assistance.forget", retry=ONCE_DATABASE_IS_BACK)
def forget(timestamp: int) -> None:
    """What was over FLEETFOLK_ASSISTANCE_MONTHS whole months ago is gone, customer by customer."""
    if settings.FLEETFOLK_ASSISTANCE_MONTHS <= 0:
        return
    first = month_from(clock.now().astimezone(dt.UTC).date(), -settings.FLEETFOLK_ASSISTANCE_MONTHS)
    before = dt.datetime.combine(first, dt.time(), tzinfo=dt.UTC)
    assisted = Assistance.objects.filter(ended_at__lt=before).values("user_id")
    asked = Request.objects.filter(asked_at__lt=before).values("user_id")
    allowed = Consent.objects.filter(Q(until__lt=before) | Q(revoked_at__lt=before)).values("user_id")
    people = User.objects.filter(Q(pk__in=assisted) | Q(pk__in=asked) | Q(pk__in=allowed))
    for key, tenant_id in people.order_by("pk").values_list("pk", "tenant_id").iterator():
        try:
            perform(
                EraseRecords,
                actor=system_actor("caretaker", tenant_id=tenant_id),
                target_id=key,
                data=EraseRecordsInput(before=before),
            )
        except ActionError as error:
            _LOG.info("records_not_erased", user=key, reason=error.reason)
