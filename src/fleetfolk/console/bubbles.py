"""Named parts of a list, a click each above it: a package above the list's own says which there are and who is in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.http import QueryDict
from django.utils.safestring import SafeString

from fleetfolk.console.http import ConsoleRequest
from fleetfolk.console.list_state import ListState, keys
from fleetfolk.console.sql import Sql
from fleetfolk.kernel.actor import Actor

PARAMETER: Final = "segment"
"""What the parts are called in an address; a page that has them names it among its state's `unseen` filters."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Narrowing:
    """Rows of a part alone: the condition to look at one row, and the same so that an index finds them all."""

    one: Sql
    among: Sql


@dataclass(frozen=True, kw_only=True, slots=True)
class Bubbles:
    """The parts of one list.

    ``drawn`` is their HTML, from a state and the id of the region that they change; ``narrowed`` the rows of the parts
    with these keys, as far as the actor may know of them: of no others there are any. ``saved`` is the address where
    what the list shows becomes a part.
    """

    drawn: Callable[[ConsoleRequest, ListState, str], SafeString]
    narrowed: Callable[[Actor, Sequence[int]], Narrowing]
    saved: Callable[[ListState], str]


_BUBBLES: Final[dict[str, Bubbles]] = {}


def register_bubbles(space: str, bubbles: Bubbles) -> None:
    """The list page of this namespace has them. A second time is a `TypeError`."""
    if space in _BUBBLES:
        raise TypeError(f"{space!r} has its bubbles already")
    _BUBBLES[space] = bubbles


def narrowings(space: str, actor: Actor, chosen: Sequence[int]) -> tuple[Narrowing, ...]:
    """What an address that names parts asks of a listing."""
    bubbles = _BUBBLES.get(space)
    return (bubbles.narrowed(actor, chosen),) if bubbles and chosen else ()


def above(request: ConsoleRequest, space: str, state: ListState, region: str) -> dict[str, Any]:
    """What a list page shows of them. They are drawn anew only where another one was chosen."""
    bubbles = _BUBBLES.get(space)
    if bubbles is None:
        return {}
    shown = {"save_url": bubbles.saved(state) if state.is_filtered else ""}
    if request.htmx and request.htmx.target == region and _chosen_before(request) == state.chosen(PARAMETER):
        return shown
    return {"bubbles": bubbles.drawn(request, state, region), **shown}


def _chosen_before(request: ConsoleRequest) -> tuple[Any, ...]:
    """The parts that the page showed which asks now."""
    address = request.htmx.current_url or ""
    return keys(QueryDict(urlsplit(address).query).getlist(PARAMETER))
