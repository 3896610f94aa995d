"""What a role can be, and who may change it: nobody a role that is stronger than theirs, nor into one that is."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

from fleetfolk.access.grants import Grant, grants_of
from fleetfolk.access.models import BuiltinRole, Role
from fleetfolk.access.models_switches import held_anywhere
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.permissions import PERMISSIONS, Permission, with_required
from fleetfolk.organizations.limits import register

LONGEST_NAME: Final = 40

ALWAYS_ALL: Final = frozenset({BuiltinRole.SUPER_ADMIN.value, BuiltinRole.ADMIN.value})
"""The roles whose permissions stay, so that nobody can lock everybody out: others can only get what they hold."""

register("roles", lambda tenant_id, _organization_id: Role.objects.filter(tenant_id=tenant_id))


def version_of(role: Role) -> str:
    """What is on the role, in short: whoever changes it says which one they saw."""
    return hashlib.sha256(" ".join(sorted(role.permissions)).encode()).hexdigest()[:16]


def grants_over_roles(actor: Actor, permission: Permission, grants: Sequence[Grant] | None = None) -> list[Grant]:
    """The grants by which the actor may change roles: those at the top, for a role is the whole tenant's."""
    held = grants_of(actor) if grants is None else grants
    top = f"{actor.tenant_id}."
    return [grant for grant in held if grant.path == top and permission.code in grant.permissions]


def require_over(actor: Actor, permission: Permission, *roles: Role, codes: Iterable[str] = ()) -> None:
    """Return where the actor holds all that is on the roles, wherever they differ, and the codes; else `Denied`."""
    held = grants_over_roles(actor, permission)
    if not held:
        raise Denied("roles_are_the_tenants")
    wanted = frozenset(codes).union(*(held_anywhere(role) for role in roles))
    if not any(wanted <= grant.permissions for grant in held):
        raise Denied("role_beyond_yours")


def require_complete(codes: Iterable[str]) -> None:
    """Refuses codes that no role can hold, and permissions without those that they need."""
    given = set(codes)
    for code in sorted(given):
        if code not in PERMISSIONS or PERMISSIONS[code].inherent:
            raise Refused("permission_unknown", code=code[:60])
    for code in sorted(given):
        for need in PERMISSIONS[code].requires:
            if need.code not in given:
                raise Refused("permission_needs", name=str(PERMISSIONS[code].label), needed=str(need.label))


def complete(before: Iterable[str], wanted: Iterable[str]) -> set[str]:
    """What is held when ``wanted`` is switched from ``before``: with all that it needs, less all that needs what goes.

    What is switched on wins over what is switched off.
    """
    old, new = set(before), set(wanted)
    kept, added = old & new, with_required(new - old)
    while orphans := {code for code in kept if not _needs(code) <= kept | added}:
        kept -= orphans
    return kept | added


def _needs(code: str) -> set[str]:
    return {need.code for need in PERMISSIONS[code].requires}


def require_name(tenant_id: int, name: str, *, besides: Role | None = None) -> None:
    """Refuses a name that is none, and one that another role of the tenant has."""
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable() or name != name.strip():
        raise Refused("role_name_unfit", longest=LONGEST_NAME)
    others = Role.objects.filter(tenant_id=tenant_id, name__iexact=name)
    if (others.exclude(pk=besides.pk) if besides else others).exists():
        raise Refused("role_name_taken", name=name)
