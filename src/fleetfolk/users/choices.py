"""What the filters of the Users page offer: roles, statuses, places and tags that the viewer may see."""

from collections.abc import Sequence
from typing import Any

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.access.models import Role
from fleetfolk.console.choices import Choice, choices_among
from fleetfolk.kernel.actor import Actor
from fleetfolk.organizations.models import Location, Organization
from fleetfolk.users.developers import UserType
from fleetfolk.users.models import Status
from fleetfolk.users.permissions import DEACTIVATE_USERS, VIEW_USERS
from fleetfolk.users.tags import tags_at_hand

_MODELS: dict[str, type[Role | Location | Organization]] = {
    "role": Role,
    "location": Location,
    "organization": Organization,
}


def offered(
    name: str, actor: Actor, *, query: str = "", chosen: Sequence[Any] = (), chosen_only: bool = False
) -> list[Choice]:
    """The chosen ones first, then others whose name holds the query. A filter that does not exist offers nothing."""
    if name == "status":
        return [
            Choice(key=status.value, label=str(status.label), status=status.value)
            for status in Status
            if chosen_only or status != Status.DEACTIVATED or _sees_deactivated(actor)
        ]
    if name == "type":
        return [Choice(key=kind.value, label=str(kind.label)) for kind in UserType]
    if name == "tag":
        return choices_among(tags_at_hand(actor, VIEW_USERS), query=query, chosen=chosen, chosen_only=chosen_only)
    if name not in _MODELS:
        return []
    within = GATE.within_reach(_MODELS[name]._default_manager.all(), actor=actor, permission=VIEW_USERS)
    order = ("position", "name") if name == "role" else ("name", "pk")
    return choices_among(within, query=query, chosen=chosen, chosen_only=chosen_only, order=order)


def _sees_deactivated(actor: Actor) -> bool:
    return any(DEACTIVATE_USERS.code in grant.permissions for grant in grants_of(actor))
