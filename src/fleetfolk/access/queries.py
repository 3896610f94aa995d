"""Roles as people may see them: with their permissions, and how many people hold each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Exists, OuterRef

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.access.models import Role
from fleetfolk.access.models_switches import RoleSwitches
from fleetfolk.access.permissions import VIEW_ROLES
from fleetfolk.access.roles import require_over
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.permissions import PERMISSIONS, Permission, role_permissions
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.queries import organizations_named

COUNT_CAP = 1_000

_SEE_PEOPLE = "users.view"
# In a whole tenant: one role's index, no further than the cap. The same time at twenty people and at a million.
# The deactivated are in that index, too: they are counted in the small one of their own, and subtracted.
_IN_TENANT = """
    SELECT role.id, (
        SELECT count(*) FROM (
            SELECT 1 FROM users_user AS person WHERE person.role_id = role.id LIMIT %(cap)s + coalesce(hidden.people, 0)
        ) AS counted
    ) - coalesce(hidden.people, 0)
    FROM unnest(%(roles)s::bigint[]) AS role (id) LEFT JOIN (
        SELECT person.role_id, count(*) AS people FROM users_user AS person
        WHERE person.tenant_id = %(tenant)s AND person.state = 5 GROUP BY person.role_id
    ) AS hidden ON hidden.role_id = role.id
"""
# In a branch: its people, whatever their role. Of a large branch each role is then counted to the cap.
_BRANCH = 5_000
_IN_BRANCH = """
    SELECT role_id, count(*) FROM (
        SELECT person.role_id FROM users_user AS person
        WHERE person.tenant_id = %(tenant)s AND person.path LIKE ANY(%(paths)s) AND person.state <> 5 LIMIT %(most)s
    ) AS branch GROUP BY role_id
"""
_IN_LARGE_BRANCH = """
    SELECT role.id, (
        SELECT count(*) FROM (
            SELECT 1 FROM users_user AS person
            WHERE person.role_id = role.id AND person.path LIKE ANY(%(paths)s) AND person.state <> 5 LIMIT %(cap)s
        ) AS counted
    ) FROM unnest(%(roles)s::bigint[]) AS role (id)
"""

AFFECTED_CAP = 100_000
_AFFECTED = """
    SELECT role.id, counted.people, counted.places
    FROM (
        SELECT known.id, known.differs > 0 AS differs
        FROM access_role AS known WHERE known.id = ANY(%(roles)s::bigint[])
    ) AS role CROSS JOIN LATERAL (
        SELECT count(DISTINCT member.id) AS people, count(DISTINCT member.organization_id) AS places FROM (
            (SELECT person.id, person.organization_id FROM users_user AS person
             WHERE person.role_id = role.id AND person.state <> 5 AND person.path LIKE %(below)s
                AND (%(all)s OR NOT role.differs OR access_switches_of(role.id, person.path)
                    IS NOT DISTINCT FROM access_switches_of(role.id, %(place)s)) LIMIT %(cap)s)
            UNION ALL
            (SELECT guest.user_id, guest.organization_id FROM access_membership AS guest
             JOIN organizations_organization AS there ON there.id = guest.organization_id
             WHERE guest.role_id = role.id AND guest.accepted_at IS NOT NULL AND there.path LIKE %(below)s
                AND (guest.ends_at IS NULL OR guest.ends_at > %(now)s)
                AND (%(all)s OR NOT role.differs OR access_switches_of(role.id, there.path)
                    IS NOT DISTINCT FROM access_switches_of(role.id, %(place)s)) LIMIT %(cap)s)
        ) AS member
    ) AS counted
"""
"""Whoever has the role at home, and guests who have it elsewhere, where the place's switches count, or all below it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Affected:
    """How many people have a role, in how many organizations: at least so many where ``capped``."""

    people: int
    places: int
    capped: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A role, and how many people in the actor's reach hold it: at least so many where ``capped``, None where the actor
    may not see people."""

    role: Role
    people: int | None
    capped: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PermissionGroup:
    """Permissions that stand together."""

    key: str
    label: str
    permissions: tuple[Permission, ...]


def roles_held(actor: Actor) -> list[Held]:
    """Every role of the actor's tenant, strongest first. Raises `Denied` without the right to see roles."""
    roles = list(GATE.within_reach(Role.objects.all(), actor=actor, permission=VIEW_ROLES).order_by("position", "name"))
    if not roles:
        raise Denied("permission_missing")
    numbers = _people_by_role(actor, [role.pk for role in roles])
    return [
        Held(role=role, people=None if number is None else min(number, COUNT_CAP), capped=(number or 0) > COUNT_CAP)
        for role in roles
        for number in [numbers.get(role.pk) if numbers is not None else None]
    ]


def role_seen(actor: Actor, role_id: int) -> Held:
    """One role: one's own always, another with the right to see roles. Raises `TargetNotFound` or `Denied`."""
    role = Role.objects.filter(pk=role_id, tenant_id=actor.tenant_id).first()
    if role is None:
        raise TargetNotFound
    if not _is_own(actor, role):
        decision = GATE.decide(actor, VIEW_ROLES, role)
        if not decision.allowed:
            raise Denied(decision.reason) if decision.visible else TargetNotFound
    numbers = _people_by_role(actor, [role.pk])
    number = None if numbers is None else numbers[role.pk]
    return Held(role=role, people=None if number is None else min(number, COUNT_CAP), capped=(number or 0) > COUNT_CAP)


def role_to_change(action: type[Action[Role, Any]], actor: Actor, role_id: int, attempt: object) -> Role:
    """The role, where the actor may do this to it. Raises as the Action does, which logs an ``attempt``."""
    role = Role.objects.filter(pk=role_id, tenant_id=actor.tenant_id).first()
    decision = None if role is None else GATE.decide(actor, action.permission, role)
    if role is None or decision is None or not decision.allowed:
        if attempt is not None:
            perform(action, actor=actor, target_id=role_id, data=attempt)
        raise TargetNotFound if decision is None or not decision.visible else Denied(decision.reason)
    try:
        require_over(actor, action.permission, role)
    except Denied:
        if attempt is not None:
            perform(action, actor=actor, target_id=role_id, data=attempt)
        raise
    return role


def place_of_roles(actor: Actor, organization_id: int) -> Organization | None:
    """The organization whose switches are looked at, None for the topmost one. Raises `TargetNotFound` or `Denied`."""
    if organization_id == actor.tenant_id:
        return None
    found = Organization.objects.filter(pk=organization_id, tenant_id=actor.tenant_id).first()
    decision = None if found is None else GATE.decide(actor, VIEW_ROLES, found)
    if found is None or decision is None or not decision.visible:
        raise TargetNotFound
    if not decision.allowed:
        raise Denied(decision.reason)
    return found


def places_for_roles(actor: Actor, words: Sequence[str], *, most: int) -> list[Organization]:
    """Organizations below the topmost whose switches the actor may see, by name; first of all those that differ."""
    every = Organization.objects.filter(parent__isnull=False, archived_at=None).select_related("parent")
    seen = GATE.within_reach(every, actor=actor, permission=VIEW_ROLES)
    if words:
        return organizations_named(seen, words, limit=most)
    differing = Exists(RoleSwitches.objects.filter(organization=OuterRef("pk")))
    return list(seen.annotate(differs=differing).order_by("-differs", "path")[:most])


def own_role_id(actor: Actor) -> int | None:
    """The key of the role that the actor has at home."""
    people = get_user_model()._default_manager.filter(pk=actor.user_id or 0, tenant_id=actor.tenant_id)
    return people.values_list("role_id", flat=True).first()


def affected_by(
    actor: Actor, role_ids: list[int], place: Organization | None = None, *, everybody: bool = False
) -> dict[int, Affected] | None:
    """Whom a change of each role in the place concerns, without one in the tenant; None for who may not see them all.

    Where switches differ below, they are not concerned, unless ``everybody`` is.
    """
    path = f"{actor.tenant_id}." if place is None else place.path
    if not any(grant.reaches(path) and _SEE_PEOPLE in grant.permissions for grant in grants_of(actor)):
        return None
    with connection.cursor() as cursor:
        about: dict[str, Any] = {"roles": role_ids, "cap": AFFECTED_CAP + 1, "now": clock.now(), "all": everybody}
        cursor.execute(_AFFECTED, {**about, "place": path, "below": f"{path}%"})
        return {
            key: Affected(people=min(people, AFFECTED_CAP), places=places, capped=people > AFFECTED_CAP)
            for key, people, places in cursor.fetchall()
        }


def permission_groups(permissions: Iterable[Permission] | None = None) -> list[PermissionGroup]:
    """The permissions that a role can hold, in groups, in the order in which they were declared."""
    groups: dict[str, list[Permission]] = {}
    for permission in role_permissions() if permissions is None else permissions:
        groups.setdefault(str(permission.group), []).append(permission)
    return [
        PermissionGroup(key=f"g{place}", label=label, permissions=tuple(members))
        for place, (label, members) in enumerate(groups.items(), 1)
    ]


def needed_by(permission: Permission) -> list[Permission]:
    """The permissions that go when this one is taken away: those that require it, directly."""
    return [other for other in PERMISSIONS.values() if permission in other.requires]


def _is_own(actor: Actor, role: Role) -> bool:
    people = get_user_model()._default_manager.filter(pk=actor.user_id or 0, tenant_id=actor.tenant_id, is_active=True)
    return people.filter(role_id=role.pk).exists()


def _people_by_role(actor: Actor, role_ids: list[int]) -> dict[int, int] | None:
    """How many people in the actor's reach hold each role, counted to one more than the cap."""
    paths = [grant.path for grant in grants_of(actor) if _SEE_PEOPLE in grant.permissions]
    if not paths:
        return None
    about: dict[str, int | list[int] | list[str]] = {
        "tenant": actor.tenant_id,
        "paths": [f"{path}%" for path in paths],
        "roles": role_ids,
        "cap": COUNT_CAP + 1,
        "most": _BRANCH,
    }
    with connection.cursor() as cursor:
        if any(path.count(".") == 1 for path in paths):
            cursor.execute(_IN_TENANT, about)
            return dict(cursor.fetchall())
        cursor.execute(_IN_BRANCH, about)
        numbers = dict(cursor.fetchall())
        if sum(numbers.values()) < _BRANCH:
            return {role_id: numbers.get(role_id, 0) for role_id in role_ids}
        cursor.execute(_IN_LARGE_BRANCH, about)
        return dict(cursor.fetchall())
