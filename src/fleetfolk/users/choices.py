"""What the filters of the Users page offer: roles, locations and organizations that the viewer may see."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from fleetfolk.access.gate import GATE
from fleetfolk.access.models import Role
from fleetfolk.kernel.actor import Actor
from fleetfolk.organizations.models import Location, Organization
from fleetfolk.users.permissions import VIEW_USERS

MOST = 60
"""So many are offered at once; a longer list is searched."""

_MODELS: dict[str, type[Role | Location | Organization]] = {
    "role": Role,
    "location": Location,
    "organization": Organization,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One entry of a filter."""

    key: int
    label: str


def offered(
    name: str, actor: Actor, *, query: str = "", chosen: Sequence[int] = (), chosen_only: bool = False
) -> list[Choice]:
    """The chosen ones first, then others whose name holds the query. A filter that does not exist offers nothing."""
    if name not in _MODELS:
        return []
    within = GATE.within_reach(_MODELS[name]._default_manager.all(), actor=actor, permission=VIEW_USERS)
    order = ("position", "name") if name == "role" else ("name", "pk")
    first = within.filter(pk__in=list(chosen)).order_by(*order).values_list("pk", "name") if chosen else []
    others = within.filter(Q(name__icontains=query) if query else Q()).exclude(pk__in=list(chosen)).order_by(*order)
    rows = [*first, *([] if chosen_only else others.values_list("pk", "name")[:MOST])]
    return [Choice(key=key, label=label) for key, label in rows]
