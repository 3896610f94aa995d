"""Segments as people may see them: how many are in one, who, and why."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from fleetfolk.access.gate import GATE
from fleetfolk.console.directory import Sql
from fleetfolk.kernel.actor import Actor
from fleetfolk.organizations.models import Organization
from fleetfolk.segments.models import Segment
from fleetfolk.segments.permissions import VIEW_SEGMENTS

type Rules = Mapping[str, Any]
"""A tree of conditions as it is kept (`fleetfolk.segments.conditions`)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Membership:
    """One member of a segment, for a row of its page. ``url`` is the page of the person or the device."""

    target_id: int
    name: str
    more: str
    since: dt.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Members:
    """One page of members, latest first. ``next_after`` asks for the page behind it; empty on the last."""

    rows: Sequence[Membership]
    next_after: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """One line of a segment's rules, and how it stands with one person or device.

    ``place`` is where the line is in the tree, ``(0, 2)`` the third part of the first part; ``negated`` is whether an
    odd number of NOTs stands above it. ``holds`` and ``is_now`` are None where the viewer may not know.
    """

    place: tuple[int, ...]
    line: str
    holds: bool | None
    is_now: str | None
    negated: bool = False


def segments_in(actor: Actor) -> QuerySet[Segment]:
    """The segments that the actor may see, of people and of devices."""
    return GATE.within_reach(Segment.objects.all(), actor=actor, permission=VIEW_SEGMENTS)


def count_of(actor: Actor, rules: Rules, of: str, organization: Organization) -> int:
    """How many people or devices of the organization and those below the rules name now.

    Raises `Refused` where the rules make no sense or take too long, `Denied` where they ask what the actor may not see.
    """
    raise NotImplementedError


def sample_of(actor: Actor, rules: Rules, of: str, organization: Organization, *, size: int = 5) -> list[Membership]:
    """Some of them, any. Raises as `count_of` does."""
    raise NotImplementedError


def members(actor: Actor, segment: Segment, *, after: str = "", size: int = 25, typed: str = "") -> Members:
    """One page of whom the actor may see of the segment's members, latest first."""
    raise NotImplementedError


def why(actor: Actor, segment: Segment, target_id: int) -> list[Reason]:
    """How every line of a dynamic segment's rules stands with the person or the device now."""
    raise NotImplementedError


def segments_of(actor: Actor, target_id: int, of: str) -> list[tuple[Segment, dt.datetime]]:
    """The segments with the person or the device in them that the actor may see, and since when, by position."""
    raise NotImplementedError


def condition_sql(segment: Segment) -> Sql:
    """Being a member, as a filter of a `Listing`: a condition on the column ``id``. Dynamic: as last counted."""
    return Sql("id IN (SELECT target_id FROM segments_member WHERE segment_id = %s)", (segment.pk,))
