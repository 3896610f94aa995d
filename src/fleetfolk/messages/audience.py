"""Whom a message is for, as rows of people: asked when it is written, and again when it is sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q, QuerySet

from fleetfolk.access.gate import GATE
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.messages.permissions import SEND_MESSAGES
from fleetfolk.organizations.models import Organization
from fleetfolk.users.models import User

MOST_NAMED: Final = 1000
"""So many people are named one by one; more are a segment, or the targets of a selection."""

type Value = Any


@dataclass(frozen=True, kw_only=True, slots=True)
class AudienceKind:
    """A way to say whom a message is for.

    ``check`` refuses a value that names nobody, or what the actor may not use; ``people`` is the condition for rows of
    people.
    """

    check: Callable[[Value, Actor, Organization], None]
    people: Callable[[Value, Actor], Q]


def _check_named(value: Value, actor: Actor, within: Organization) -> None:
    if not isinstance(value, list) or not value or len(value) > MOST_NAMED:
        raise Refused("message_audience_size", most=MOST_NAMED)
    if any(type(key) is not int for key in value):
        raise Refused("message_audience")
    if reached(actor, within).filter(pk__in=value).count() != len(set(value)):
        raise Refused("message_audience_out_of_reach")


AUDIENCES: Final[dict[str, AudienceKind]] = {
    "users": AudienceKind(check=_check_named, people=lambda value, _actor: Q(pk__in=value)),
}


def check_audience(audience: Mapping[str, Value], *, actor: Actor, within: Organization) -> None:
    """Refuses an audience that is none, or that is not the actor's to write to."""
    if len(audience) != 1:
        raise Refused("message_audience")
    ((kind, value),) = audience.items()
    if kind not in AUDIENCES:
        raise Refused("message_audience")
    AUDIENCES[kind].check(value, actor, within)


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
