"""How far a directory goes: what it needs for its work, and the roles that it may give."""

from collections.abc import Collection

from fleetfolk.access.gate import GATE
from fleetfolk.access.models import Role
from fleetfolk.api.scopes import missing_at
from fleetfolk.kernel.actor import Actor, ActorKind
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.permissions import with_required
from fleetfolk.organizations.models import Organization
from fleetfolk.scim.models import NAME_LENGTH, Removal
from fleetfolk.users.permissions import (
    DEACTIVATE_USERS,
    DELETE_USERS,
    EDIT_USERS,
    INVITE_USERS,
    MANAGE_CREDENTIALS,
    SUSPEND_USERS,
    VIEW_USERS,
)

_ALWAYS = (VIEW_USERS, INVITE_USERS, EDIT_USERS, SUSPEND_USERS)
_REMOVING = {Removal.DEACTIVATE.value: DEACTIVATE_USERS, Removal.DELETE.value: DELETE_USERS}


def rights_for(*, removal: str, changes_addresses: bool) -> list[str]:
    """The permissions that a directory needs for what it may do, besides those of the roles that it may give."""
    needed = [*_ALWAYS, _REMOVING[removal], *([MANAGE_CREDENTIALS] if changes_addresses else [])]
    return sorted(with_required(one.code for one in needed))


def require_hands(actor: Actor) -> None:
    """Denies whatever is no person at a screen: a directory is let in by hands, not by a key or another directory."""
    if actor.kind is not ActorKind.USER or actor.scopes is not None:
        raise Denied("not_for_tokens")


def require_directory(actor: Actor, client_id: int | None = None) -> None:
    """Denies whoever is no directory, or not this one."""
    if actor.kind is not ActorKind.SCIM_CLIENT or (client_id is not None and actor.id != str(client_id)):
        raise Denied("scim_only")


def require_name(name: str) -> None:
    """Refuses what is no name."""
    if not name.strip() or len(name) > NAME_LENGTH or not name.isprintable():
        raise Refused("scim_name", most=NAME_LENGTH)


def require_giveable(
    actor: Actor, organization: Organization, *, permissions: Collection[str], role_id: int, role_ids: Collection[int]
) -> list[Role]:
    """The roles, where the actor may give each of them there and holds what else the directory needs."""
    if role_id not in role_ids:
        raise Refused("scim_roles")
    missing = missing_at(actor, organization, permissions)
    if missing:
        raise Denied("scim_stronger", missing=", ".join(missing[:3]) + (" …" if len(missing) > 3 else ""))
    return [GATE.require_giveable(actor, INVITE_USERS, organization, key) for key in sorted(set(role_ids))]
