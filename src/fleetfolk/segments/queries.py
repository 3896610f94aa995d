"""Segments as people may see them: how many are in one, who, and why."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from psycopg import errors

from fleetfolk.access.gate import GATE
from fleetfolk.console.sql import Sql
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused, TargetNotFound
from fleetfolk.organizations.models import Organization
from fleetfolk.segments.asking import (
    askable,
    closed_to,
    require_askable,
    require_open,
    require_sight,
    sees_segments_of,
)
from fleetfolk.segments.conditions import lines_of, parse
from fleetfolk.segments.models import Member, Passage, Population, Segment, SegmentKind
from fleetfolk.segments.permissions import VIEW_SEGMENTS
from fleetfolk.segments.sql import (
    ROW,
    SOURCE,
    Scope,
    both,
    checked,
    compiled,
    line_sql,
    named_by_rules,
    population,
    told,
)
from fleetfolk.segments.wording import shown, words_of

type Rules = Mapping[str, Any]
"""A tree of conditions as it is kept (`fleetfolk.segments.conditions`)."""

PATIENCE: Final = 3_000
"""Milliseconds that somebody at the screen waits for a count."""
LARGEST: Final = 1_000
"""Members on one page at most."""

_SHOWN: Final = {Population.USERS: "u.name, u.email", Population.DEVICES: "d.name, d.serial"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Membership:
    """A person or a device for a row: ``more`` is the address or the serial number.

    ``since`` is when they came; of a sample there is none.
    """

    target_id: int
    name: str
    more: str
    since: dt.datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Members:
    """One page of members, latest first. ``next_after`` asks for the page behind it; empty on the last."""

    rows: Sequence[Membership]
    next_after: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Passing:
    """Somebody or something entered or left."""

    target_id: int
    name: str
    more: str
    at: dt.datetime
    entered: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Passages:
    """One page of who entered and left, latest first. ``next_after`` as of `Members`."""

    rows: Sequence[Passing]
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Foreseen:
    """What saving rules would do: how many would be in it, how many of them enter, and how many leave."""

    total: int
    entering: int
    leaving: int


def segments_in(actor: Actor) -> QuerySet[Segment]:
    """The segments that the actor may see, of people and of devices."""
    return GATE.within_reach(Segment.objects.all(), actor=actor, permission=VIEW_SEGMENTS)


def segments_open(actor: Actor) -> QuerySet[Segment]:
    """Those of them of which the actor may know who is in them."""
    seen = segments_in(actor)
    closed = closed_to(actor, seen.filter(kind=SegmentKind.DYNAMIC).select_related("organization"))
    return seen.exclude(pk__in=closed) if closed else seen


def count_of(actor: Actor, rules: Rules, of: str, organization: Organization) -> int:
    """How many people or devices of the organization and those below the rules name now.

    Raises `Refused` where the rules make no sense or take too long, `Denied` where they ask what the actor may not see.
    """
    named = _asked(actor, rules, of, organization)
    return int(_patiently(f"SELECT count(*) FROM {SOURCE[Population(of)]} WHERE {named.text}", named.params)[0][0])


def counts_by_line(actor: Actor, rules: Rules, of: str, organization: Organization) -> dict[tuple[int, ...], int]:
    """How many each line names by itself, by its place in the tree. Raises as `count_of` does."""
    require_sight(actor, of, organization)
    scope = require_askable(actor, rules, of, organization)
    placed = list(lines_of(parse(rules)))
    lines = [line_sql(one.line, of, scope) for one in placed]
    there = population(of, scope)
    columns = ", ".join(f"count(*) FILTER (WHERE {line.text})" for line in lines)
    params = [param for line in (*lines, there) for param in line.params]
    row = _patiently(f"SELECT {columns} FROM {SOURCE[Population(of)]} WHERE {there.text}", params)[0]
    return {one.place: int(number) for one, number in zip(placed, row, strict=True)}


def sample_of(
    actor: Actor, rules: Rules, of: str, organization: Organization, *, size: int = 5, after: int = 0
) -> list[Membership]:
    """Some of them, by key: those behind the key ``after``. Raises as `count_of` does."""
    named = _asked(actor, rules, of, organization)
    row = ROW[Population(of)]
    # The few that match are found first: along the keys, PostgreSQL would look at everybody for a rare one.
    rows = _patiently(
        f"SELECT * FROM (SELECT {row}.id, {_SHOWN[Population(of)]} FROM {SOURCE[Population(of)]}"
        f" WHERE {named.text} AND {row}.id > %s OFFSET 0) found ORDER BY 1 LIMIT %s",
        [*named.params, after, min(size, LARGEST)],
    )
    return [Membership(target_id=key, name=name or more, more=more) for key, name, more in rows]


def foreseen(actor: Actor, segment: Segment, rules: Rules) -> Foreseen:
    """What saving these rules would do to the segment. Raises as `count_of` does."""
    organization, of = segment.organization, segment.of
    require_sight(actor, of, organization)
    require_open(actor, segment)
    scope = require_askable(actor, rules, of, organization, segment_id=segment.pk)
    named = named_by_rules(rules, of, scope)
    text = (
        f"SELECT count(*), count(*) FILTER (WHERE m.target_id IS NULL) FROM {SOURCE[Population(of)]}"
        f" LEFT JOIN segments_member m ON m.segment_id = %s AND m.target_id = {ROW[Population(of)]}.id"
        f" WHERE {named.text}"
    )
    total, entering = _patiently(text, [segment.pk, *named.params])[0]
    present = Member.objects.filter(segment=segment).count()
    return Foreseen(total=total, entering=entering, leaving=present - (total - entering))


def members(actor: Actor, segment: Segment, *, after: str = "", size: int = 25, typed: str = "") -> Members:
    """One page of the segment's members, latest first; of those that every typed word is found in."""
    require_sight(actor, segment.of, segment.organization)
    require_open(actor, segment)
    of, row = Population(segment.of), ROW[Population(segment.of)]
    there = population(of, Scope.of(segment.organization))
    conditions = [Sql("m.segment_id = %s", (segment.pk,)), there, *_words(row, typed), *_behind("m.since, m.id", after)]
    which = both(*conditions)
    size = min(size, LARGEST)
    rows = _patiently(
        f"SELECT m.target_id, {_SHOWN[of]}, m.since, m.id FROM segments_member m"
        f" JOIN {SOURCE[of]} ON {row}.id = m.target_id WHERE {which.text} ORDER BY m.since DESC, m.id DESC LIMIT %s",
        [*which.params, size + 1],
    )
    return Members(
        rows=[
            Membership(target_id=key, name=name or more, more=more, since=since)
            for key, name, more, since, _id in rows[:size]
        ],
        next_after=_after(rows[size - 1][3], rows[size - 1][4]) if len(rows) > size else "",
    )


def passages(actor: Actor, segment: Segment, *, after: str = "", size: int = 25) -> Passages:
    """One page of who entered the segment and left it, latest first, of those who are still to be seen."""
    require_sight(actor, segment.of, segment.organization)
    require_open(actor, segment)
    of, row = Population(segment.of), ROW[Population(segment.of)]
    there = population(of, Scope.of(segment.organization))
    which = both(Sql("p.segment_id = %s", (segment.pk,)), there, *_behind("p.at, p.id", after))
    size = min(size, LARGEST)
    rows = _patiently(
        f"SELECT p.target_id, {_SHOWN[of]}, p.at, p.id, p.entered FROM segments_passage p"
        f" JOIN {SOURCE[of]} ON {row}.id = p.target_id WHERE {which.text} ORDER BY p.at DESC, p.id DESC LIMIT %s",
        [*which.params, size + 1],
    )
    return Passages(
        rows=[
            Passing(target_id=key, name=name or more, more=more, at=at, entered=entered)
            for key, name, more, at, _id, entered in rows[:size]
        ],
        next_after=_after(rows[size - 1][3], rows[size - 1][4]) if len(rows) > size else "",
    )


def passages_of(actor: Actor, target_id: int, of: str, *, most: int = 25) -> list[Passage]:
    """The latest times at which the person or the device entered or left a segment that the actor may look into."""
    seen = segments_open(actor).filter(of=of)
    latest = Passage.objects.filter(target_id=target_id, segment__in=seen).select_related("segment")
    return list(latest.order_by("-at", "-pk")[:most])


def why(actor: Actor, segment: Segment, target_id: int) -> list[Reason]:
    """How every line of a dynamic segment's rules stands with the person or the device now.

    Raises `TargetNotFound` for whom the actor may not see. Of a segment chosen by hand there are no reasons.
    """
    organization, of = segment.organization, segment.of
    require_sight(actor, of, organization)
    scope = Scope.of(organization, segment_id=segment.pk)
    source, row = SOURCE[Population(of)], ROW[Population(of)]
    this = both(population(of, scope), Sql(f"{row}.id = %s", (target_id,)))
    if not _patiently(f"SELECT EXISTS (SELECT FROM {source} WHERE {this.text})", this.params)[0][0]:
        raise TargetNotFound
    if not segment.is_dynamic:
        return []
    placed = list(lines_of(parse(segment.rules)))
    columns, params = [], []
    for one in placed:
        held = both(this, line_sql(one.line, of, scope))
        columns.append(f"EXISTS (SELECT FROM {source} WHERE {held.text})")
        is_now = told(one.line, of, scope) or Sql("NULL::text")
        columns.append(f"(SELECT {is_now.text} FROM {source} WHERE {this.text})")
        params += [*held.params, *is_now.params, *this.params]
    answers = _patiently(f"SELECT {', '.join(columns)}", params)[0]
    reasons = []
    for number, one in enumerate(placed):
        asked, operator = checked(one.line, of, scope)
        line = words_of(one.line, asked, operator, scope.tenant_id)
        holds, is_now_text = answers[2 * number], answers[2 * number + 1]
        is_now_words: str | None = None
        if not sees_segments_of(actor, one.line, of):
            line, holds = f"{asked.label} {operator.label}", None
        elif not askable(actor, asked, organization):
            holds = None
        elif told(one.line, of, scope) is not None:
            is_now_words = shown(is_now_text, asked, scope.moments.zone, scope.tenant_id)
        reasons.append(Reason(place=one.place, line=line, holds=holds, is_now=is_now_words, negated=one.negated))
    return reasons


def summary_of(actor: Actor, segment: Segment) -> list[tuple[tuple[int, ...], bool, str]]:
    """The lines of a dynamic segment's rules in words, each with its place and whether it stands below a NOT.

    Segments that the actor may not see are not named.
    """
    scope = Scope.of(segment.organization, segment_id=segment.pk)
    lines = []
    for one in lines_of(parse(segment.rules)):
        asked, operator = checked(one.line, segment.of, scope)
        words = words_of(one.line, asked, operator, scope.tenant_id)
        if not sees_segments_of(actor, one.line, segment.of):
            words = f"{asked.label} {operator.label}"
        lines.append((one.place, one.negated, words))
    return lines


def segments_of(actor: Actor, target_id: int, of: str) -> list[tuple[Segment, dt.datetime]]:
    """The segments with the person or the device in them that the actor may look into, and since when, in order."""
    seen = segments_open(actor).filter(of=of)
    found = Member.objects.filter(target_id=target_id, segment__in=seen).select_related("segment__organization")
    return [(one.segment, one.since) for one in found.order_by("segment__position", "segment_id")]


def _asked(actor: Actor, rules: Rules, of: str, organization: Organization) -> Sql:
    require_sight(actor, of, organization)
    scope = require_askable(actor, rules, of, organization)
    return both(population(of, scope), compiled(parse(rules), of, scope))


def _words(row: str, typed: str) -> Iterator[Sql]:
    for word in typed.split()[:8]:
        yield Sql(f"strpos({row}.search_text, fold(%s)) > 0", (word[:100],))


def _after(at: dt.datetime, key: int) -> str:
    return f"{at.astimezone(dt.UTC).isoformat()}_{key}"


def _behind(columns: str, after: str) -> Iterator[Sql]:
    if not after:
        return
    at, _underscore, key = after.partition("_")
    try:
        place = (dt.datetime.fromisoformat(at), int(key))
    except ValueError as error:
        raise TargetNotFound from error
    yield Sql(f"({columns}) < (%s, %s)", place)


def _patiently(text: str, params: Any) -> list[Any]:
    """The statement's rows. Raises `Refused` where it takes longer than somebody at the screen waits."""
    with _at_most(PATIENCE), connection.cursor() as cursor:
        cursor.execute(text, list(params))
        return list(cursor.fetchall())


@contextmanager
def _at_most(milliseconds: int) -> Iterator[None]:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(milliseconds)])
            yield
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    except OperationalError as error:
        if isinstance(error.__cause__, errors.QueryCanceled):
            raise Refused("segment_slow") from error
        raise
