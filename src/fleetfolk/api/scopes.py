"""What a key can be given: permissions. Making keys takes hands, whatever a key holds."""

from collections.abc import Collection

from fleetfolk.access.grants import grants_of
from fleetfolk.kernel.actor import Actor, ActorKind
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.permissions import PERMISSIONS, Permission, role_permissions, with_required
from fleetfolk.organizations.models import Organization


def scopes_there_are() -> list[Permission]:
    """Every permission that a key can carry, in the order of declaration."""
    return role_permissions()


def only_looking() -> frozenset[str]:
    """The permissions that change nothing."""
    return frozenset(one.code for one in scopes_there_are() if one.code.endswith((".view", ".read")))


def complete(codes: Collection[str]) -> list[str] | None:
    """The codes with all that they require, sorted; None where one is no permission that keys can carry."""
    known = {one.code for one in scopes_there_are()}
    if not codes or not set(codes) <= known:
        return None
    return sorted(with_required(codes) & known)


def require_hands(actor: Actor) -> None:
    """Denies keys: they make no keys, so that what somebody gets hold of does not outlive its end."""
    if actor.scopes is not None or actor.kind is ActorKind.API_CLIENT:
        raise Denied("not_for_tokens")


def missing_at(actor: Actor, organization: Organization, codes: Collection[str]) -> list[str]:
    """Those of the permissions that the actor does not hold at the organization, by their labels."""
    here = [grant.permissions for grant in grants_of(actor) if grant.reaches(organization.path)]
    return [str(PERMISSIONS[code].label) for code in codes if not any(code in held for held in here)]
