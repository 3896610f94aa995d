"""What the filters of the Devices page offer: statuses, templates, places and tags that the viewer may see."""

from collections.abc import Sequence
from typing import Any, Final, get_args

from django.db.models import QuerySet

from fleetfolk.access.gate import GATE
from fleetfolk.console.choices import Choice, choices_among
from fleetfolk.console.states import WORDS
from fleetfolk.devices.directory import Status
from fleetfolk.devices.models import Template
from fleetfolk.devices.permissions import ORG_DEVICES_DELETE, ORG_DEVICES_VIEW
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied
from fleetfolk.organizations.models import Location, Organization
from fleetfolk.users.tags import tags_at_hand

_MODELS: Final[dict[str, type[Location | Organization]]] = {"location": Location, "organization": Organization}
_STATUSES: Final[dict[str, str]] = {status: status for status in get_args(Status)} | {"waiting": "unconnected"}
"""Each status of the filter, with the word that `console.states` knows for it."""


def offered(
    name: str, actor: Actor, *, query: str = "", chosen: Sequence[Any] = (), chosen_only: bool = False
) -> list[Choice]:
    """The chosen ones first, then others whose name holds the query. A filter that does not exist offers nothing.

    Templates are the tenant's: whoever may see devices sees which there are.
    """
    if name == "status":
        return [
            Choice(key=status, label=str(WORDS[word]), status=word)
            for status, word in _STATUSES.items()
            if chosen_only or status != "deleted" or GATE.paths_within_reach(actor, ORG_DEVICES_DELETE)
        ]
    if name == "template":
        if not GATE.paths_within_reach(actor, ORG_DEVICES_VIEW):
            raise Denied("permission_missing")
        within: QuerySet[Any] = Template.objects.filter(tenant_id=actor.tenant_id)
    elif name == "tag":
        within = tags_at_hand(actor, ORG_DEVICES_VIEW)
    elif name in _MODELS:
        every: QuerySet[Any] = _MODELS[name]._default_manager.all()
        within = GATE.within_reach(every, actor=actor, permission=ORG_DEVICES_VIEW)
    else:
        return []
    return choices_among(within, query=query, chosen=chosen, chosen_only=chosen_only)
