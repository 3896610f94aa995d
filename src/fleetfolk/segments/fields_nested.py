"""What rules can ask about other segments: being in one, owning a device of one, being owned by somebody of one."""

from typing import Final, cast

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fleetfolk.access.gate import GATE
from fleetfolk.console.sql import Sql
from fleetfolk.devices.permissions import ORG_DEVICES_VIEW
from fleetfolk.kernel.actor import Actor
from fleetfolk.organizations.models import Organization
from fleetfolk.segments.conditions import Line
from fleetfolk.segments.fields import Field, Rows, Scope, Wrap, register_field
from fleetfolk.segments.models import Population, Segment
from fleetfolk.segments.operators import Kind
from fleetfolk.segments.permissions import VIEW_SEGMENTS
from fleetfolk.segments.sql import Scope as Reading
from fleetfolk.segments.sql import both, within
from fleetfolk.users.permissions import VIEW_USERS

_USERS, _DEVICES = Population.USERS.value, Population.DEVICES.value
_SEGMENTS = _("Segments")
_NEITHER: Final = frozenset({"known", "unknown"})

NAMES: Final = {
    (_USERS, "segment"): _USERS,
    (_USERS, "device_segment"): _DEVICES,
    (_DEVICES, "segment"): _DEVICES,
    (_DEVICES, "owner_segment"): _USERS,
}
"""The fields whose values are segments, and what those are of."""


def _seen(of: str) -> Rows:
    def within(actor: Actor, organization: Organization) -> QuerySet[Segment]:
        return GATE.within_reach(Segment.objects.filter(of=of), actor=actor, permission=VIEW_SEGMENTS)

    return Rows(model=lambda: Segment, within=within)


def _inside(line: Line, scope: Scope, of: str) -> Sql:
    return cast("Reading", scope).inside(line.value, of)


def _in_segment(of: str) -> Wrap:
    def wrap(condition: Sql, line: Line, scope: Scope) -> Sql:
        return _inside(line, scope, of)

    return wrap


def _owns(condition: Sql, line: Line, scope: Scope) -> Sql:
    found = both(within("d", scope), _inside(line, scope, _DEVICES))
    return Sql(
        f"u.id IN (SELECT d.owner_id FROM devices_device d WHERE d.owner_id IS NOT NULL AND {found.text})", found.params
    )


def _is_owned(condition: Sql, line: Line, scope: Scope) -> Sql:
    found = both(within("u", scope), _inside(line, scope, _USERS))
    return Sql(f"d.owner_id IN (SELECT u.id FROM users_user u WHERE {found.text})", found.params)


for _field in (
    Field(
        name="segment",
        label=_("Segments"),
        group=_SEGMENTS,
        kind=Kind.LABELS,
        of=_USERS,
        expression=Sql("u.id"),
        wrap=_in_segment(_USERS),
        choices=_seen(_USERS),
        without=_NEITHER,
    ),
    Field(
        name="device_segment",
        label=_("Segments of owned devices"),
        group=_SEGMENTS,
        kind=Kind.LABELS,
        of=_USERS,
        expression=Sql("u.id"),
        wrap=_owns,
        choices=_seen(_DEVICES),
        needs=(ORG_DEVICES_VIEW,),
        without=_NEITHER,
    ),
    Field(
        name="segment",
        label=_("Segments"),
        group=_SEGMENTS,
        kind=Kind.LABELS,
        of=_DEVICES,
        expression=Sql("d.id"),
        wrap=_in_segment(_DEVICES),
        choices=_seen(_DEVICES),
        without=_NEITHER,
    ),
    Field(
        name="owner_segment",
        label=_("Segments of the owner"),
        group=_SEGMENTS,
        kind=Kind.LABELS,
        of=_DEVICES,
        expression=Sql("d.owner_id"),
        wrap=_is_owned,
        choices=_seen(_USERS),
        needs=(VIEW_USERS,),
        without=_NEITHER,
    ),
):
    register_field(_field)
