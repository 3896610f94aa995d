"""What a key can be given: permissions, less those that would let a key make keys."""

from collections.abc import Collection
from typing import Final

from fleetfolk.access.gate import grants_of
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.permissions import PERMISSIONS, Permission, role_permissions, with_required
from fleetfolk.organizations.models import Organization

NEVER: Final = frozenset({f"developer.tokens.{word}" for word in ("create", "edit", "delete")})
"""Keys make no keys: what somebody gets hold of must not outlive its end."""


def scopes_there_are() -> list[Permission]:
    """Every permission that a key can carry, in the order of declaration."""
    return [permission for permission in role_permissions() if permission.code not in NEVER]


def only_looking() -> frozenset[str]:
    """The permissions that change nothing."""
    return frozenset(one.code for one in scopes_there_are() if one.code.endswith((".view", ".read")))


def complete(codes: Collection[str]) -> list[str] | None:
    """The codes with all that they require, sorted; None where one is no permission that keys can carry."""
    known = {one.code for one in scopes_there_are()}
    if not codes or not set(codes) <= known:
        return None
    return sorted(with_required(codes) & known)


def missing_at(actor: Actor, organization: Organization, codes: Collection[str]) -> list[str]:
    """Those of the permissions that the actor does not hold at the organization, by their labels."""
    here = [grant.permissions for grant in grants_of(actor) if grant.reaches(organization.path)]
    return [str(PERMISSIONS[code].label) for code in codes if not any(code in held for held in here)]
