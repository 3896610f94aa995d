"""The tabs and cards of a person's page: each package hangs in its own, from its app's ``ready``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from django.http import HttpResponse
from django.utils.safestring import SafeString
from django_stubs_ext import StrPromise

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import Grant, grants_of
from fleetfolk.console.http import ConsoleRequest
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.permissions import Permission
from fleetfolk.users.models import User


@dataclass(frozen=True, kw_only=True, slots=True)
class Tab:
    """One tab: its word in the address, its label, and what makes its body.

    ``render`` makes the tab's body only, without a base; the page around it is the caller's. Its own htmx requests (a
    list in the tab, say) are answered with what ``render`` returns, as it is. ``needs`` is the right that one must have
    about the person on top of seeing them. ``own`` tabs are offered in one's own account, too, where nothing is asked.
    """

    slug: str
    label: StrPromise
    icon: str
    position: int
    render: Callable[[ConsoleRequest, User], HttpResponse]
    needs: Permission | None = None
    count: Callable[[Actor, User], int | None] | None = None
    own: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """A card on the Information tab: a `<section class="ff-card">`, or an empty text where there is nothing to say."""

    place: Literal["main", "aside"]
    position: int
    render: Callable[[ConsoleRequest, User], SafeString | str]


_TABS: dict[str, Tab] = {}
_CARDS: list[Card] = []


def register_tab(tab: Tab) -> None:
    """The tab is there. A word used twice is a `TypeError`."""
    if tab.slug in _TABS:
        raise TypeError(f"the tab {tab.slug!r} is there already")
    _TABS[tab.slug] = tab


def register_card(card: Card) -> None:
    """The card is on the Information tab, among those of its place in the order of their positions."""
    _CARDS.append(card)
    _CARDS.sort(key=lambda one: one.position)


def tab_called(slug: str) -> Tab | None:
    """The tab with this word in its address."""
    return _TABS.get(slug)


def tabs_for(actor: Actor, person: User, *, grants: Sequence[Grant] | None = None) -> list[Tab]:
    """The tabs that the actor may open about the person, in order."""
    held = grants_of(actor) if grants is None else grants
    return sorted(
        (
            tab
            for tab in _TABS.values()
            if tab.needs is None or GATE.decide(actor, tab.needs, person, grants=held).allowed
        ),
        key=lambda tab: tab.position,
    )


def own_tabs() -> list[Tab]:
    """The tabs that everybody has about themselves, in order."""
    return sorted((tab for tab in _TABS.values() if tab.own), key=lambda tab: tab.position)


def cards_for(request: ConsoleRequest, person: User, place: Literal["main", "aside"]) -> list[SafeString]:
    """The cards of one side of the Information tab that have something to say."""
    shown = (card.render(request, person) for card in _CARDS if card.place == place)
    return [SafeString(html) for html in shown if html]
