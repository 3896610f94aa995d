"""What the filters of the Devices page offer: templates, locations, organizations and tags that the viewer may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q, QuerySet

from fleetfolk.access.gate import GATE
from fleetfolk.devices.models import Template
from fleetfolk.devices.permissions import ORG_DEVICES_VIEW
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied
from fleetfolk.organizations.models import Location, Organization, Tag

MOST: Final = 60
"""So many are offered at once; a longer list is searched."""

_MODELS: Final[dict[str, type[Location | Organization | Tag]]] = {
    "location": Location,
    "organization": Organization,
    "tag": Tag,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One entry of a filter."""

    key: int
    label: str


def offered(
    name: str, actor: Actor, *, query: str = "", chosen: Sequence[int] = (), chosen_only: bool = False
) -> list[Choice]:
    """The chosen ones first, then others whose name holds the query. A filter that does not exist offers nothing.

    Templates are the tenant's: whoever may see devices sees which there are.
    """
    if name == "template":
        if not GATE.paths_within_reach(actor, ORG_DEVICES_VIEW):
            raise Denied("permission_missing")
        within: QuerySet[Any] = Template.objects.filter(tenant_id=actor.tenant_id)
    elif name in _MODELS:
        every: QuerySet[Any] = _MODELS[name]._default_manager.all()
        within = GATE.within_reach(every, actor=actor, permission=ORG_DEVICES_VIEW)
    else:
        return []
    first = within.filter(pk__in=list(chosen)).order_by("name", "pk").values_list("pk", "name") if chosen else []
    others = within.filter(Q(name__icontains=query) if query else Q()).exclude(pk__in=list(chosen))
    rows = [*first, *([] if chosen_only else others.order_by("name", "pk").values_list("pk", "name")[:MOST])]
    return [Choice(key=key, label=label) for key, label in rows]
