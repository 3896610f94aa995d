"""Who may ask what of people and devices: seeing them, and what each line of the rules needs besides."""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.devices.permissions import ORG_DEVICES_VIEW
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.permissions import Permission
from fleetfolk.organizations.models import Organization
from fleetfolk.segments.conditions import Line, lines_of, parse
from fleetfolk.segments.fields import Field, Rows, every_need, fields_for, needs_of
from fleetfolk.segments.fields_nested import NAMES
from fleetfolk.segments.models import Population, Segment
from fleetfolk.segments.permissions import VIEW_SEGMENTS
from fleetfolk.segments.sql import Scope, checked, compiled, is_top
from fleetfolk.users.permissions import VIEW_USERS

SEES = {Population.USERS: VIEW_USERS, Population.DEVICES: ORG_DEVICES_VIEW}
"""The right to see whom a segment is of."""


def may(actor: Actor, permission: Permission, organization: Organization) -> bool:
    """Whether the actor holds the right over the whole organization, by a role and not by what is theirs."""
    if organization.tenant_id != actor.tenant_id:
        return False
    return any(organization.path.startswith(path) for path in GATE.paths_within_reach(actor, permission))


def require_sight(actor: Actor, of: str, organization: Organization) -> None:
    """Return where the actor may see the people or devices of the organization; else raise as the gate does."""
    decision = GATE.decide(actor, VIEW_SEGMENTS, organization)
    if not decision.visible:
        raise TargetNotFound
    if not decision.allowed or not may(actor, SEES[Population(of)], organization):
        raise Denied("permission_missing")


def askable(actor: Actor, asked: Field, organization: Organization) -> bool:
    """Whether the actor may ask about the field there."""
    return all(may(actor, permission, organization) for permission in asked.needs)


def askable_fields(actor: Actor, of: str, organization: Organization) -> list[Field]:
    """What the actor can build rules of, for the organization."""
    return [one for one in fields_for(actor, of, organization) if askable(actor, one, organization)]


def sees_segments_of(actor: Actor, line: Line, of: str) -> bool:
    """Whether the actor may know, of every segment that the line names, who is in it."""
    if (of, line.field) not in NAMES:
        return True
    keys = set(line.value)
    named = Segment.objects.select_related("organization").filter(pk__in=keys)
    seen = list(GATE.within_reach(named, actor=actor, permission=VIEW_SEGMENTS))
    whole = all(may(actor, SEES[Population(one.of)], one.organization) for one in seen)
    return len(seen) == len(keys) and whole and not closed_to(actor, seen)


def closed_to(actor: Actor, segments: Iterable[Segment]) -> set[int]:
    """The keys of those segments whose rules ask what the actor may not, even through a segment that they name.

    Who is in such a one would tell the actor what they may not see.
    """
    grants, needs = grants_of(actor), every_need()
    if any(is_top(grant.path) and needs <= grant.permissions for grant in grants):
        return set()
    following = [one for one in segments if one.is_dynamic]
    lines = {one.pk: _asked_by(one) for one in following}
    organizations = {one.pk: one.organization for one in following}
    while missing := {key for asked in lines.values() for _needs, keys in asked for key in keys} - lines.keys():
        known = Segment.objects.select_related("organization").filter(tenant_id=actor.tenant_id, pk__in=missing)
        for one in known:
            lines[one.pk], organizations[one.pk] = _asked_by(one), one.organization
        lines |= {key: [] for key in missing - lines.keys()}

    def held(right: Permission, place: Organization) -> bool:
        return any(grant.reaches(place.path) and right.code in grant.permissions for grant in grants)

    closed = {
        key
        for key, asked in lines.items()
        if any(not held(right, organizations[key]) for rights, _keys in asked for right in rights)
    }
    while more := {key for key, asked in lines.items() if any(closed & keys for _needs, keys in asked)} - closed:
        closed |= more
    return closed & {one.pk for one in following}


def _asked_by(segment: Segment) -> list[tuple[tuple[Permission, ...], set[int]]]:
    """For each line of the segment's rules, the rights that it takes, and the segments that it names."""
    if not segment.is_dynamic:
        return []
    asked = (placed.line for placed in lines_of(parse(segment.rules)))
    return [
        (needs_of(segment.of, line.field), set(line.value) if (segment.of, line.field) in NAMES else set())
        for line in asked
    ]


def require_open(actor: Actor, segment: Segment) -> None:
    """Return where who is in the segment tells the actor nothing that they may not see; else raise `Denied`."""
    if closed_to(actor, [segment]):
        raise Denied("segment_members_denied", segment=segment.name)


def require_askable(
    actor: Actor, rules: Any, of: str, organization: Organization, *, segment_id: int | None = None
) -> Scope:
    """The scope of the rules, where they make sense and ask nothing that the actor may not see.

    Raises `Refused` for rules without sense, and for what they name and is not there; `Denied` where a right is short.
    """
    node, scope = parse(rules), Scope.of(organization, segment_id=segment_id)
    for placed in lines_of(node):
        asked, _operator = checked(placed.line, of, scope)
        if not askable(actor, asked, organization) or not sees_segments_of(actor, placed.line, of):
            raise Denied("segment_field_denied", field=str(asked.label))
        if isinstance(asked.choices, Rows) and isinstance(placed.line.value, list):
            gone = set(placed.line.value) - asked.choices.known(actor, organization, placed.line.value).keys()
            if gone:
                raise Refused("segment_value_gone", field=str(asked.label))
    compiled(node, of, Scope.of(organization, segment_id=segment_id))
    return scope


def hold_rules_still(tenant_id: int) -> None:
    """Until the transaction ends nobody else changes rules in the tenant, or deletes a segment.

    So two changes at once make no circle, and nothing that is named is deleted.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('segments.rules', %s))", [tenant_id])


def segments_named(rules: Any, of: str) -> set[int]:
    """The segments that the rules name themselves."""
    lines = (placed.line for placed in lines_of(parse(rules)))
    return {key for line in lines if (of, line.field) in NAMES for key in line.value}
