"""What somebody holds now: a role's permissions, at a place of the tree and below it.

At home by their role, as a guest by another, at clients that let their organization in; narrowed to where they work at
the moment, to the scopes of a key, and to what somebody who assists them reaches and holds, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from fleetfolk.access.models_guests import PartnerMode
from fleetfolk.access.models_switches import held_at_home
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import Actor, ActorKind, AssistMode, Place
from fleetfolk.kernel.perform import inside_an_action
from fleetfolk.kernel.permissions import PERMISSIONS
from fleetfolk.kernel.statements import planned_once
from fleetfolk.organizations.permissions import SWITCH_ORGANIZATIONS


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """What somebody holds at one place of the tree: the permissions of a role there and below.

    What is one's own (devices) counts at and below ``own_within``; empty is everywhere, as for the role that one has at
    home. Any other grant is ``away``. ``switched_in`` is the organization whose own switches of the role count here.
    """

    path: str
    permissions: frozenset[str]
    role_name: str
    organization_name: str
    own_within: str = ""
    away: bool = False
    switched_in: str = ""

    def reaches(self, path: str) -> bool:
        """Whether the place is this one or below it."""
        return path.startswith(self.path)


# Asked by every request, often more than once: as SQL it costs a quarter of what a query takes to be put together.
# The role at home, those of a guest, and what clients let the person's organization do. A role holds what its switches
# say where it is held: a partner's people hold theirs at home. Of the many places of somebody who is a guest with the
# same role everywhere, only the first carries the permissions.
_HELD_ANYWHERE = """
WITH person AS (
    SELECT id, tenant_id, organization_id, role_id, path FROM users_user
    WHERE id = %s AND tenant_id = %s AND is_active
), held AS (
    SELECT path, role_id, organization_id, 'home' AS how, path AS role_path FROM person
    UNION ALL
    SELECT place.path, guest.role_id, place.id, 'guest', place.path
    FROM person JOIN access_membership guest ON guest.user_id = person.id AND guest.tenant_id = person.tenant_id
    JOIN organizations_organization place ON place.id = guest.organization_id AND place.archived_at IS NULL
    WHERE guest.accepted_at IS NOT NULL AND (guest.ends_at IS NULL OR guest.ends_at > %s::timestamptz)
    UNION ALL
    SELECT client.path, person.role_id, client.id, let.mode, person.path
    FROM person JOIN access_partnership let
        ON let.partner_id = person.organization_id AND let.tenant_id = person.tenant_id
    JOIN organizations_organization client ON client.id = let.client_id AND client.archived_at IS NULL
    WHERE let.starts_at <= %s::timestamptz AND (let.ends_at IS NULL OR let.ends_at > %s::timestamptz)
)
SELECT held.path, held.role_id, role.name, place.name, held.how, switches.id, (
        SELECT differing.name FROM organizations_organization differing WHERE differing.id = switches.organization_id
    ),
    CASE WHEN row_number() OVER (PARTITION BY held.role_id, switches.id) = 1
        THEN coalesce(switches.permissions, role.permissions) END
FROM held
JOIN access_role role ON role.id = held.role_id
JOIN organizations_organization place ON place.id = held.organization_id
LEFT JOIN access_roleswitches switches
    ON switches.id = CASE WHEN role.differs > 0 THEN access_switches_of(role.id, held.role_path) END
"""

_HELD_BY_PROGRAM = """
SELECT home.path, program.permissions, program.name, home.name
FROM api_program program
JOIN organizations_organization home ON home.id = program.organization_id AND home.archived_at IS NULL
WHERE program.id = %s AND program.tenant_id = %s
"""

# A directory holds what its work takes, and what the roles hold, there, that it may give.
_HELD_BY_DIRECTORY = """
SELECT home.path, ARRAY(
    SELECT unnest(client.permissions)
    UNION
    SELECT unnest(coalesce(switches.permissions, role.permissions))
    FROM scim_scimclient_roles given
    JOIN access_role role ON role.id = given.role_id
    LEFT JOIN access_roleswitches switches
        ON switches.id = CASE WHEN role.differs > 0 THEN access_switches_of(role.id, home.path) END
    WHERE given.scimclient_id = client.id
), client.name, home.name
FROM scim_scimclient client
JOIN organizations_organization home ON home.id = client.organization_id AND home.archived_at IS NULL
WHERE client.id = %s AND client.tenant_id = %s
"""

_HELD_BY = {ActorKind.API_CLIENT: _HELD_BY_PROGRAM, ActorKind.SCIM_CLIENT: _HELD_BY_DIRECTORY}

_PARTNERS_SEE = ("devices.view", "devices.reports.read", "devices.timeline.view")
PARTNERS_MAY = {
    PartnerMode.VIEW.value: _PARTNERS_SEE,
    PartnerMode.CONTROL.value: (*_PARTNERS_SEE, "devices.control"),
}
"""What a client's partner does there at most, by how far it was let in: of that, what its people's own roles hold."""

HELPING = {
    AssistMode.VIEW: frozenset({"support.view_as"}),
    AssistMode.ACT: frozenset({"support.view_as", "support.act_as"}),
}
"""What an assistant must hold for each mode, where the person is."""


def grants_of(actor: Actor) -> list[Grant]:
    """What the actor holds now. Empty for whoever is disabled, deleted, pending, or neither a person nor a program.

    A request that only looks has read it with the person, who is loaded anew by every request.
    Of an assisted person, what the assistant could reach and holds, too: nobody gains by helping.
    """
    if actor.kind in _HELD_BY:
        return _held_by(int(actor.id), actor.tenant_id, _HELD_BY[actor.kind])
    if actor.user_id is None:
        return []
    if actor.rights is not None and not inside_an_action():
        return [*actor.rights]
    held = _held_anywhere(actor.user_id, actor.tenant_id)
    if actor.scopes is not None:
        return [replace(grant, permissions=grant.permissions & actor.scopes) for grant in held]
    if actor.place is not None:
        held = held_at(actor.place, held)
    if actor.assisted_by is None:
        return held
    return [narrowed for own in held for helping in helping_grants(actor) if (narrowed := _narrowed(own, helping))]


def looking_now(actor: Actor) -> Actor:
    """The actor with what they hold now, for the several questions of one page. An Action asks anew."""
    return replace(actor, rights=tuple(grants_of(actor)))


def held_everywhere(actor: Actor) -> list[Grant]:
    """What the person holds now, wherever they work at the moment. Not narrowed for whoever assists them."""
    return [] if actor.user_id is None else _held_anywhere(actor.user_id, actor.tenant_id)


def may_work_in(path: str, held: Sequence[Grant]) -> bool:
    """Whether somebody may work in the organization: they have a role there, or above it the right to switch."""
    return any(
        grant.path == path or (grant.reaches(path) and SWITCH_ORGANIZATIONS.code in grant.permissions) for grant in held
    )


def held_at(place: Place, held: Sequence[Grant]) -> list[Grant]:
    """What remains of what somebody holds while they work in the place."""
    if place.home:
        return _with_devices_away(held)
    if not may_work_in(place.path, held):
        return []
    remaining = []
    for grant in held:
        if grant.reaches(place.path):
            if grant.path != place.path and SWITCH_ORGANIZATIONS.code not in grant.permissions:
                continue
        elif not grant.path.startswith(place.path):
            continue
        remaining.append(
            replace(
                grant,
                path=max(grant.path, place.path, key=len),
                own_within=max(grant.own_within, place.path, key=len),
            )
        )
    return remaining


def _with_devices_away(held: Sequence[Grant]) -> list[Grant]:
    """Of what is held away from home, what is about devices. Many places share the permissions of a few roles."""
    cut = {held_there: held_there & _about_devices() for held_there in {grant.permissions for grant in held}}
    return [
        Grant(
            path=grant.path,
            permissions=cut[grant.permissions],
            role_name=grant.role_name,
            organization_name=grant.organization_name,
            own_within=grant.own_within,
            away=True,
            switched_in=grant.switched_in,
        )
        if grant.away
        else grant
        for grant in held
    ]


@cache
def _about_devices() -> frozenset[str]:
    """What one does with devices: the rights that people can hold over what is their own, and over all."""
    return frozenset(twins()) | frozenset(twins().values())


def holds_elsewhere(person: Any) -> bool:
    """Whether the person, who was loaded a moment ago, may hold something beside what `grant_of` says."""
    return bool(person.guest_roles or person.organization.let_in_by or person.role.differs)


def grant_of(person: Any) -> Grant:
    """What an active person holds at home who was loaded a moment ago, with role and organization."""
    return Grant(
        path=person.path,
        permissions=held_at_home(person),
        role_name=person.role.name,
        organization_name=person.organization.name,
    )


def _held_by(key: int, tenant_id: int, statement: str) -> list[Grant]:
    with planned_once() as cursor:
        cursor.execute(statement, [key, tenant_id])
        return [
            Grant(path=path, permissions=frozenset(permissions), role_name=role, organization_name=organization)
            for path, permissions, role, organization in cursor.fetchall()
        ]


def _held_anywhere(user_id: int, tenant_id: int) -> list[Grant]:
    now = clock.now()
    with planned_once() as cursor:
        cursor.execute(_HELD_ANYWHERE, [user_id, tenant_id, now, now, now])
        rows = cursor.fetchall()
    roles = {
        (role_id, switches): frozenset(permissions)
        for _, role_id, _, _, _, switches, _, permissions in rows
        if permissions is not None
    }
    # Once for each role, and not for each of a thousand places.
    may = {
        (*role, how): held & frozenset(PARTNERS_MAY[how]) if how in PARTNERS_MAY else held
        for role, held in roles.items()
        for how in {row[4] for row in rows}
    }
    return [
        Grant(
            path=path,
            permissions=may[role_id, switches, how],
            role_name=role,
            organization_name=organization,
            own_within="" if how == "home" else path,
            away=how != "home",
            switched_in=differing or "",
        )
        for path, role_id, role, organization, how, switches, differing, _ in rows
    ]


def helping_grants(actor: Actor) -> list[Grant]:
    """The assistant's own grants by which they may assist at all."""
    if actor.assisted_by is None:
        return []
    needed = HELPING[actor.assisted_by.mode]
    held = _held_anywhere(actor.assisted_by.agent_id, actor.tenant_id)
    return [grant for grant in held if needed <= grant.permissions]


def _narrowed(own: Grant, helping: Grant) -> Grant | None:
    """What both reach and both hold; None where one's place is beside the other's."""
    if not (own.reaches(helping.path) or helping.reaches(own.path)):
        return None
    return Grant(
        path=max(own.path, helping.path, key=len),
        permissions=own.permissions & helping.permissions,
        role_name=own.role_name,
        organization_name=own.organization_name,
        own_within=max(own.own_within, helping.path, key=len),
        away=own.away,
        switched_in=own.switched_in,
    )


_DEVELOPS = """
SELECT count(*) FROM users_user person
JOIN organizations_organization root ON root.id = person.tenant_id
LEFT JOIN organizations_plan plan ON plan.id = root.plan_id
WHERE person.id = ANY(%s::bigint[]) AND person.is_active
    AND coalesce(person.developer, plan.limits ->> 'developers' IS NULL)
"""


def develops(actor: Actor) -> bool:
    """Whether the person is in developer mode now, and whoever helps them, too. A program is as it was made."""
    if actor.user_id is None:
        return actor.kind is ActorKind.API_CLIENT
    who = {actor.user_id} if actor.assisted_by is None else {actor.user_id, actor.assisted_by.agent_id}
    with planned_once() as cursor:
        cursor.execute(_DEVELOPS, [list(who)])
        return bool(cursor.fetchone()[0] == len(who))


@cache
def twins() -> dict[str, str]:
    """The rights over all, by those over one's own."""
    return {each.own.code: each.code for each in PERMISSIONS.values() if each.own}
