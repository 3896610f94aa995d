"""Segments above the lists of people and devices: one click shows who is in one."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.console.bubbles import PARAMETER, Bubbles, Narrowing, register_bubbles
from fleetfolk.console.http import ConsoleRequest
from fleetfolk.console.list_state import ListState
from fleetfolk.console.sql import Sql
from fleetfolk.kernel.actor import Actor
from fleetfolk.segments.models import Population
from fleetfolk.segments.permissions import EDIT_SEGMENTS, VIEW_SEGMENTS
from fleetfolk.segments.queries import segments_open
from fleetfolk.segments.web.saved import can_say, filters_of

SHOWN: Final = 12
"""So many stand above a list; the others are on the page of segments."""
_TABLES: Final = {Population.USERS: "users_user", Population.DEVICES: "devices_device"}


def _drawn(of: Population) -> Any:
    def drawn(request: ConsoleRequest, state: ListState, region: str) -> SafeString:
        grants = grants_of(request.actor)
        if not GATE.paths_within_reach(request.actor, VIEW_SEGMENTS, grants):
            return SafeString()
        chosen = state.chosen(PARAMETER)
        seen = segments_open(request.actor).filter(of=of).order_by("position", "pk")
        found = list(seen[: SHOWN + 1])
        missing = [key for key in chosen if key not in {one.pk for one in found[:SHOWN]}]
        shown = [*found[:SHOWN], *(seen.filter(pk__in=missing) if missing else [])]
        context = {
            "of": of.value,
            "region": region,
            "everybody_url": state.first_page(**{PARAMETER: ()}).address(),
            "all": not chosen,
            "bubbles": [
                {
                    "segment": one,
                    "url": state.first_page(**{PARAMETER: (one.pk,)}).address(),
                    "chosen": one.pk in chosen,
                }
                for one in shown
            ],
            "more": len(found) > SHOWN,
            "may_create": bool(GATE.paths_within_reach(request.actor, EDIT_SEGMENTS, grants)),
        }
        return render_to_string("segments/bubbles.html", context)

    return drawn


def _narrowed(of: Population) -> Any:
    def narrowed(actor: Actor, keys: Sequence[int]) -> Narrowing:
        known = list(segments_open(actor).filter(of=of, pk__in=list(keys)).values_list("pk", flat=True))
        inside = (
            "SELECT true FROM segments_member m"
            f" WHERE m.target_id = {_TABLES[of]}.id AND m.segment_id = ANY(%s::bigint[])"
        )
        return Narrowing(one=Sql(f"({inside} LIMIT 1) IS TRUE", (known,)), among=Sql(f"EXISTS ({inside})", (known,)))

    return narrowed


def _saved(of: Population) -> Any:
    def saved(state: ListState) -> str:
        if not can_say(state, of):
            return ""
        return f"{reverse('segments:create')}?{urlencode([('of', of.value), *filters_of(state)])}"

    return saved


for _of, _space in ((Population.USERS, "users"), (Population.DEVICES, "devices")):
    register_bubbles(_space, Bubbles(drawn=_drawn(_of), narrowed=_narrowed(_of), saved=_saved(_of)))
