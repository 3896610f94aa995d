"""Rules become SQL: bound parameters only, and the tenant and the branch always stand outside the tree.

People are the rows ``u``, devices the rows ``d``. A line that comes out as null does not hold.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from fleetfolk.console.sql import Sql
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import Refused
from fleetfolk.organizations.models import Organization
from fleetfolk.segments import fields
from fleetfolk.segments.conditions import All, Either, Line, Node, Not, lines_of, parse
from fleetfolk.segments.fields import About, Field, Rows, field_named
from fleetfolk.segments.models import Population, Segment
from fleetfolk.segments.operators import MOST_DAYS, Kind, Moments, Operator, Shape, compared, value_fits

NESTED: Final = 5
"""So many segments may lie in each other."""
MOST_TOGETHER: Final = 400
"""So many lines may the rules have together with those of all segments that they name."""

SOURCE: Final = {Population.USERS: "users_user u", Population.DEVICES: "devices_device d"}
ROW: Final = {Population.USERS: "u", Population.DEVICES: "d"}
_THERE: Final = {Population.USERS: "u.state <> 5", Population.DEVICES: "d.state < 4"}


@dataclass(slots=True)
class _Kept:
    """What is looked up once for one set of rules, and how much of it there was."""

    fields: dict[tuple[str, str], Field | None] = field(default_factory=dict)
    segments: dict[int, Segment | None] = field(default_factory=dict)
    lines: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """Where rules are read: the organization's tenant and days, and the segments whose rules led here."""

    tenant_id: int
    path: str
    moments: Moments
    trail: tuple[int, ...] = ()
    kept: _Kept = field(default_factory=_Kept)

    @classmethod
    def of(
        cls, organization: Organization, *, segment_id: int | None = None, now: dt.datetime | None = None
    ) -> "Scope":
        """The scope of rules of the organization; ``segment_id`` is whose they are, where it is known."""
        return cls(
            tenant_id=organization.tenant_id,
            path=organization.path,
            moments=_moments(organization, now or clock.now()),
            trail=() if segment_id is None else (segment_id,),
        )

    def field(self, of: str, name: str) -> Field:
        """The field. Raises `Refused` where there is none."""
        key = (of, name)
        if key not in self.kept.fields:
            self.kept.fields[key] = field_named(of, name, self.tenant_id)
        found = self.kept.fields[key]
        if found is None:
            raise Refused("segment_field_gone", field=name[:40])
        return found

    def inside(self, keys: Sequence[int], of: str) -> Sql:
        """Being in one of these segments, as a condition on the row: of a dynamic one by its rules."""
        return _any(self._inside(key, of) for key in keys)

    def _inside(self, key: int, of: str) -> Sql:
        if key in self.trail:
            raise Refused("segment_cycle")
        if len(self.trail) > NESTED:
            raise Refused("segment_nested_deep", most=NESTED)
        if key not in self.kept.segments:
            segments = Segment.objects.select_related("organization").filter(tenant_id=self.tenant_id)
            self.kept.segments[key] = segments.filter(pk=key).first()
        segment = self.kept.segments[key]
        if segment is None or segment.of != of:
            raise Refused("segment_gone")
        scope = replace(
            self,
            path=segment.path,
            moments=_moments(segment.organization, self.moments.now),
            trail=(*self.trail, key),
        )
        return named_by(segment, scope)


def _moments(organization: Organization, now: dt.datetime) -> Moments:
    return Moments(now=now, zone=ZoneInfo(organization.time_zone))


def population(of: str, scope: Scope) -> Sql:
    """Being there at all: of the tenant, of the organization or below it, and not hidden."""
    row = ROW[Population(of)]
    return both(within(row, scope), Sql(_THERE[Population(of)]))


def within(row: str, scope: fields.Scope) -> Sql:
    """Being of the organization or below it: a condition on a row with ``tenant_id`` and ``path``."""
    tenant = Sql(f"{row}.tenant_id = %s", (scope.tenant_id,))
    if is_top(scope.path):
        return tenant
    # Every path ends with a dot, and what is below begins with it: a range of the index.
    return Sql(
        f"{tenant.text} AND {row}.path >= %s AND {row}.path < %s",
        (*tenant.params, scope.path, scope.path[:-1] + "/"),
    )


def is_top(path: str) -> bool:
    """Whether it is the path of a tenant, below which all of its organizations are."""
    return path.count(".") == 1


def named_by(segment: Segment, scope: Scope) -> Sql:
    """Being there and in the segment, as a condition on the row. The scope is the segment's own."""
    if segment.is_dynamic:
        inner = compiled(parse(segment.rules), segment.of, scope)
    else:
        row = ROW[Population(segment.of)]
        inner = Sql(f"{row}.id IN (SELECT target_id FROM segments_member WHERE segment_id = %s)", (segment.pk,))
    return both(population(segment.of, scope), inner)


def named_by_rules(rules: Any, of: str, scope: Scope) -> Sql:
    """Being there and named by the rules, as a condition on the row."""
    return both(population(of, scope), compiled(parse(rules), of, scope))


def compiled(node: Node, of: str, scope: Scope) -> Sql:
    """The tree as a condition on the row. Raises `Refused` where a line makes no sense."""
    scope.kept.lines += sum(1 for _ in lines_of(node))
    if scope.kept.lines > MOST_TOGETHER:
        raise Refused("segment_rules_long", most=MOST_TOGETHER)
    return _compiled(node, of, scope)


def _compiled(node: Node, of: str, scope: Scope) -> Sql:
    match node:
        case All(parts=parts):
            return both(*(_compiled(part, of, scope) for part in parts))
        case Either(parts=parts):
            return _any(_compiled(part, of, scope) for part in parts)
        case Not(part=part):
            return _not(_compiled(part, of, scope))
        case Line():
            return line_sql(node, of, scope)


def line_sql(line: Line, of: str, scope: Scope) -> Sql:
    """One line as a condition on the row. Raises `Refused` where it makes no sense."""
    asked, operator = checked(line, of, scope)
    positive = replace(line, op=operator.opposite or operator.code)
    if positive.op == "all_of":
        each = (replace(positive, op="any_of", value=[value]) for value in line.value)
        return both(*(_held(one, asked, scope) for one in each))
    held = _held(positive, asked, scope)
    return _not(held) if operator.opposite else held


def _held(line: Line, asked: Field, scope: Scope) -> Sql:
    expression = asked.raw if line.op == "known" and asked.raw is not None else asked.expression
    condition = compared(asked.kind, line.op, expression, line.value, scope.moments, plain=asked.plain)
    return asked.wrap(condition, line, scope)


def checked(line: Line, of: str, scope: Scope) -> tuple[Field, Operator]:
    """The line's field and operator. Raises `Refused` where its parts do not go together."""
    asked = scope.field(of, line.field)
    operator = asked.operators.get(line.op)
    if operator is None or not value_fits(operator.shape, line.value):
        raise Refused("segment_value_unfit", field=str(asked.label))
    if operator.shape is Shape.MANY:
        wanted = int if isinstance(asked.choices, Rows) else str
        if not all(isinstance(value, wanted) for value in line.value):
            raise Refused("segment_value_unfit", field=str(asked.label))
    if line.about.keys() - {about.name for about in asked.about}:
        raise Refused("segment_value_unfit", field=str(asked.label))
    for about in asked.about:
        if not _about_fits(about, line.about.get(about.name), scope):
            raise Refused("segment_value_unfit", field=str(asked.label))
    return asked, operator


def _about_fits(about: About, value: Any, scope: Scope) -> bool:
    if value is None:
        return not about.required
    if about.shape is Shape.DAYS:
        return value_fits(Shape.DAYS, value) and value <= MOST_DAYS
    if not isinstance(value, int | str) or isinstance(value, bool) or about.choices is None:
        return False
    return value in about.choices.named(scope.tenant_id, [value])


def both(*conditions: Sql) -> Sql:
    """All of the conditions hold."""
    return Sql(" AND ".join(f"({one.text})" for one in conditions), _params(conditions))


def _any(conditions: Any) -> Sql:
    every = list(conditions)
    return Sql(" OR ".join(f"({one.text})" for one in every), _params(every))


def _not(condition: Sql) -> Sql:
    return Sql(f"({condition.text}) IS NOT TRUE", condition.params)


def _params(conditions: Sequence[Sql]) -> tuple[Any, ...]:
    return tuple(param for one in conditions for param in one.params)


def told(line: Line, of: str, scope: Scope) -> Sql | None:
    """What the field is of the row, as text; None for what has no one answer."""
    asked = scope.field(of, line.field)
    if asked.told is not None:
        return asked.told(line, scope)
    shown = asked.raw or asked.expression
    return None if asked.kind in (Kind.LABELS, Kind.COUNT) else Sql(f"({shown.text})::text", shown.params)
