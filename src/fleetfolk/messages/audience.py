"""Whom a message is for, as rows of people: asked when it is written, and again when it is sent."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q, QuerySet

from fleetfolk.access.gate import GATE
from fleetfolk.jobs.actions.erase_report import DRAFT_KEPT_FOR
from fleetfolk.jobs.models import Job, Target
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.messages.models import Item
from fleetfolk.messages.permissions import SEND_MESSAGES
from fleetfolk.messages.sent import messages_seen
from fleetfolk.organizations.models import Organization
from fleetfolk.segments.models import Member, Population, Segment
from fleetfolk.segments.queries import segments_open
from fleetfolk.users.models import User

MOST_NAMED: Final = 1000
"""So many people are named one by one; more are a segment, or the targets of a selection."""

type Value = Any


@dataclass(frozen=True, kw_only=True, slots=True)
class AudienceKind:
    """A way to say whom a message is for.

    ``check`` refuses a value that names nobody, or what the actor may not use; ``people`` is the condition for rows of
    people. ``kept_until`` is when who they are is forgotten, where it is.
    """

    check: Callable[[Value, Actor, Organization], None]
    people: Callable[[Value, Actor], Q]
    kept_until: Callable[[Value], dt.datetime | None] = lambda _value: None


def _check_named(value: Value, actor: Actor, within: Organization) -> None:
    if not isinstance(value, list) or not value or len(value) > MOST_NAMED:
        raise Refused("message_audience_size", most=MOST_NAMED)
    if any(type(key) is not int for key in value):
        raise Refused("message_audience")
    if reached(actor, within).filter(pk__in=value).count() != len(set(value)):
        raise Refused("message_audience_out_of_reach")


def _check_segment(value: Value, actor: Actor, _within: Organization) -> None:
    if type(value) is not int or not _segments(value, actor).exists():
        raise Refused("message_audience")


def _in_segment(value: Value, actor: Actor) -> Q:
    members = Member.objects.filter(segment__in=_segments(value, actor))
    return Q(pk__in=members.values("target_id"))


def _segments(key: int, actor: Actor) -> QuerySet[Segment]:
    return segments_open(actor).filter(pk=key, of=Population.USERS)


def _check_chosen(value: Value, actor: Actor, _within: Organization) -> None:
    if type(value) is not int or not _selections(value, actor).exists():
        raise Refused("message_selection")


def _among_chosen(value: Value, actor: Actor) -> Q:
    chosen = Target.objects.filter(job__in=_selections(value, actor))
    return Q(pk__in=chosen.values("target_id"))


def _selections(key: int, actor: Actor) -> QuerySet[Job]:
    """The actor's own selection of people, as long as it is kept."""
    own = Job.objects.filter(Job.of(actor), tenant_id=actor.tenant_id, input__of="users")
    return own.filter(pk=key, report_erased_at=None)


def _chosen_until(value: Value) -> dt.datetime | None:
    made = Job.objects.filter(pk=value).values_list("created_at", flat=True).first()
    return made + DRAFT_KEPT_FOR if made else None


def _check_unread(value: Value, actor: Actor, _within: Organization) -> None:
    if type(value) is not int or not messages_seen(actor).filter(pk=value).exists():
        raise Refused("message_audience")


def _not_readers(value: Value, actor: Actor) -> Q:
    """Those who got the message and have not read it now."""
    unread = Item.objects.filter(message__in=messages_seen(actor).filter(pk=value), read_at=None)
    return Q(pk__in=unread.values("user_id"))


AUDIENCES: Final[dict[str, AudienceKind]] = {
    "users": AudienceKind(check=_check_named, people=lambda value, _actor: Q(pk__in=value)),
    "segment": AudienceKind(check=_check_segment, people=_in_segment),
    "job": AudienceKind(check=_check_chosen, people=_among_chosen, kept_until=_chosen_until),
    "unread": AudienceKind(check=_check_unread, people=_not_readers),
}


def check_audience(audience: Mapping[str, Value], *, actor: Actor, within: Organization) -> None:
    """Refuses an audience that is none, or that is not the actor's to write to."""
    if len(audience) != 1:
        raise Refused("message_audience")
    ((kind, value),) = audience.items()
    if kind not in AUDIENCES:
        raise Refused("message_audience")
    AUDIENCES[kind].check(value, actor, within)


def kept_until(audience: Mapping[str, Value]) -> dt.datetime | None:
    """When it is forgotten who they are; None where it is not."""
    ends = [AUDIENCES[kind].kept_until(value) for kind, value in audience.items() if kind in AUDIENCES]
    return min((end for end in ends if end is not None), default=None)


def reached(actor: Actor, within: Organization) -> QuerySet[User]:
    """The people in and below the organization to whom the actor may write."""
    people = GATE.within_reach(User.objects.all(), actor=actor, permission=SEND_MESSAGES)
    return people.filter(path__startswith=within.path)


def recipients_of(audience: Mapping[str, Value], *, actor: Actor, within: Organization) -> QuerySet[User]:
    """Who would get a message of this actor now: those of the audience who have an account that works."""
    chosen = Q(pk__in=[])
    for kind, value in audience.items():
        chosen |= AUDIENCES[kind].people(value, actor)
    return reached(actor, within).filter(chosen, is_active=True)
