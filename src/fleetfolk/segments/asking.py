"""Who may ask what of people and devices: seeing them, and what each line of the rules needs besides."""

from typing import Any

from django.db import connection

from fleetfolk.access.gate import GATE
from fleetfolk.devices.permissions import ORG_DEVICES_VIEW
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.permissions import Permission
from fleetfolk.organizations.models import Organization
from fleetfolk.segments.conditions import Line, lines_of, parse
from fleetfolk.segments.fields import Field, Rows, fields_for
from fleetfolk.segments.fields_nested import NAMES
from fleetfolk.segments.models import Population, Segment
from fleetfolk.segments.permissions import VIEW_SEGMENTS
from fleetfolk.segments.sql import Scope, checked, compiled
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
    """Whether the actor may see every segment that the line names."""
    if (of, line.field) not in NAMES:
        return True
    keys = set(line.value)
    seen = GATE.within_reach(Segment.objects.filter(pk__in=keys), actor=actor, permission=VIEW_SEGMENTS)
    return seen.count() == len(keys)


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
