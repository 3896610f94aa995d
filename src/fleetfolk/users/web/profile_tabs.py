"""The tabs of a person's page: each package hangs in its own."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpResponse
from django_stubs_ext import StrPromise

from fleetfolk.access.gate import GATE
from fleetfolk.console.http import ConsoleRequest
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.permissions import Permission
from fleetfolk.users.models import User


@dataclass(frozen=True, kw_only=True, slots=True)
class Tab:
    """One tab: its word in the address, its label, and what makes its body.

    ``render`` makes the tab's body only; the page around it is the caller's. ``needs`` is the right that one must have
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


_TABS: dict[str, Tab] = {}


def register_tab(tab: Tab) -> None:
    """The tab is there. A word used twice is a `TypeError`."""
    if tab.slug in _TABS:
        raise TypeError(f"the tab {tab.slug!r} is there already")
    _TABS[tab.slug] = tab


def tabs_for(actor: Actor, person: User) -> list[Tab]:
    """The tabs that the actor may open about the person, in order."""
    return sorted(
        (tab for tab in _TABS.values() if tab.needs is None or GATE.decide(actor, tab.needs, person).allowed),
        key=lambda tab: tab.position,
    )


def own_tabs() -> list[Tab]:
    """The tabs that everybody has about themselves, in order."""
    return sorted((tab for tab in _TABS.values() if tab.own), key=lambda tab: tab.position)
