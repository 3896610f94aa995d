"""What stands between a customer and support now, and the records of what was."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q, QuerySet

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.actionlog.models import Entry
from fleetfolk.assistance.models import REQUEST_LASTS, Assistance, Basis, Consent, Request
from fleetfolk.assistance.permissions import APPROVE
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import TargetNotFound
from fleetfolk.organizations.models import AssistanceRule
from fleetfolk.organizations.queries import Rules
from fleetfolk.users.models import User

MANY = 20
"""More customers than this in a day, by one assistant, is unusual."""

DAY_BEGINS, DAY_ENDS = 6, 22
"""Hours, in the customer's organization, outside of which an assistance is unusual."""

REPORT_DAYS = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Ground:
    """What allows an assistance to begin."""

    basis: Basis
    consent: Consent | None = None
    request: Request | None = None


def standing_consent(user_id: int) -> Consent | None:
    """The customer's consent, where one holds now."""
    return Consent.objects.filter(user_id=user_id, revoked_at__isnull=True, until__gt=clock.now()).first()


def ground_for(agent_id: int, customer: User, *, mode: str, rules: Rules) -> Ground | None:
    """What allows the agent to begin in this mode, if anything: consent before a request before the rule."""
    if rules.assistance == AssistanceRule.OFF:
        return None
    consent = standing_consent(customer.pk)
    if consent is not None and consent.covers(mode):
        return Ground(basis=Basis.CONSENT, consent=consent)
    request = latest_request(agent_id, customer.pk)
    if request is not None and request.may_begin and request.mode in (mode, "act"):
        return Ground(basis=Basis.REQUEST, request=request)
    if rules.assistance == AssistanceRule.WAIVED:
        return Ground(basis=Basis.POLICY)
    return None


def latest_request(agent_id: int, user_id: int) -> Request | None:
    """What the agent asked the customer last."""
    return Request.objects.filter(agent_id=agent_id, user_id=user_id).order_by("-asked_at", "-pk").first()


def open_requests(user_id: int) -> QuerySet[Request]:
    """What waits for the customer's answer, oldest first."""
    now = clock.now()
    return Request.objects.filter(user_id=user_id, answered_at__isnull=True, expires_at__gt=now).order_by("asked_at")


def expected_by_request(user_id: int) -> bool:
    """Whether somebody may begin at any moment, because the customer said yes a moment ago."""
    said = Request.objects.filter(user_id=user_id, accepted=True, used_at__isnull=True)
    return said.filter(answered_at__gt=clock.now() - REQUEST_LASTS).exists()


def unended(*, agent_id: int = 0, user_id: int = 0) -> QuerySet[Assistance]:
    """Assistances of the agent or with the customer that have no end yet, though their time may be over."""
    return Assistance.objects.filter(Q(agent_id=agent_id) | Q(user_id=user_id), ended_at__isnull=True)


def live_with(user_id: int) -> Assistance | None:
    """The assistance that goes on with this customer now. One look into an index, almost always empty."""
    row = Assistance.objects.filter(user_id=user_id, ended_at__isnull=True).first()
    return row if row is not None and row.is_live else None


def live_by(agent_id: int) -> Assistance | None:
    """The assistance that this agent gives now."""
    row = Assistance.objects.filter(agent_id=agent_id, ended_at__isnull=True).first()
    return row if row is not None and row.is_live else None


def oddness(agent_id: int, customer: User, *, at: dt.datetime) -> str:
    """What is unusual about an assistance that begins now: "many", "hours", or nothing."""
    from_here = at - dt.timedelta(days=1)
    helped = Assistance.objects.filter(agent_id=agent_id, started_at__gt=from_here).exclude(user_id=customer.pk)
    if helped.aggregate(n=Count("user_id", distinct=True))["n"] >= MANY:
        return "many"
    hour = at.astimezone(ZoneInfo(customer.organization.time_zone)).hour
    return "" if DAY_BEGINS <= hour < DAY_ENDS else "hours"


def records(actor: Actor) -> QuerySet[Assistance]:
    """The assistances that the actor may read of, newest first: their own, and for overseers all in reach."""
    rows = Assistance.objects.select_related("organization").filter(tenant_id=actor.tenant_id)
    grants = grants_of(actor)
    overseen = GATE.within_reach(Assistance.objects.all(), actor=actor, permission=APPROVE, grants=grants)
    if not grants:
        return rows.none()
    return rows.filter(Q(pk__in=overseen) | Q(agent_id=actor.user_id)).order_by("-started_at", "-pk")


def record(actor: Actor, public_id: uuid.UUID) -> Assistance:
    """One assistance, for its agent and for who oversees. Raises `TargetNotFound` for everybody else."""
    row = records(actor).filter(public_id=public_id).first()
    if row is None:
        raise TargetNotFound
    return row


def own_records(user_id: int) -> QuerySet[Assistance]:
    """What was done in this customer's view, newest first. Everybody may read of themselves."""
    return Assistance.objects.filter(user_id=user_id).order_by("-started_at", "-pk")


def entries_of(assistance: Assistance) -> QuerySet[Entry]:
    """What the assistant changed, or tried to, in order."""
    return Entry.objects.filter(assistance_id=assistance.pk, at__gte=assistance.started_at).order_by("at", "id")


def report(actor: Actor) -> list[Any]:
    """For who oversees: how many customers each assistant helped in the last month, and how often it was unusual."""
    since = clock.now() - dt.timedelta(days=REPORT_DAYS)
    seen = GATE.within_reach(Assistance.objects.all(), actor=actor, permission=APPROVE)
    told = seen.filter(started_at__gt=since).values("agent_id", "agent_label")
    counted = told.annotate(
        times=Count("pk"),
        customers=Count("user_id", distinct=True),
        unusual=Count("pk", filter=~Q(unusual="")),
        last=Max("started_at"),
    )
    return list(counted.order_by("-times", "agent_label")[:50])
