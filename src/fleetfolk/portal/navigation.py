"""The links of the portal's top bar, which on a phone is a bar at the bottom."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from fleetfolk.console.http import is_open_here


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A place of the portal: its URL's name, the word and icon that stand for it, and what else lies inside it."""

    name: str
    label: StrPromise
    icon: str
    inside: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A place with its address; current says whether the viewer is inside it, ``note`` what stands beside the word."""

    place: Place
    url: str
    current: bool
    note: str


PLACES = (
    Place(name="home", label=_("Home"), icon="home", inside=("mydevices",)),
    Place(name="account:action-log", label=_("Activity"), icon="activity"),
    Place(name="inbox:list", label=_("Messages"), icon="message", inside=("inbox",)),
    Place(
        name="account:profile",
        label=_("Account"),
        icon="user-circle",
        inside=("account", "security", "assistance", "notices"),
    ),
)


_NOTES: dict[str, Callable[[HttpRequest], SafeString]] = {}


def register_note(name: str, note: Callable[[HttpRequest], SafeString]) -> None:
    """What a package above draws beside the word of the place with this name. One place twice is a `TypeError`."""
    if name in _NOTES:
        raise TypeError(f"{name!r} has its note already")
    _NOTES[name] = note


def links_for(request: HttpRequest) -> list[Link]:
    """The portal's links, in order; the place that the viewer is in is the first whose name or inside fits."""
    match = request.resolver_match
    here, inside = (match.view_name, match.namespace) if match else ("", "")
    exact = next((place for place in PLACES if place.name == here), None)
    around = exact or next((place for place in PLACES if inside and inside in place.inside), None)
    links: list[Link] = []
    for place in PLACES:
        url = reverse(place.name)
        if is_open_here(request, url):
            note = _NOTES[place.name](request) if place.name in _NOTES else ""
            links.append(Link(place=place, url=url, current=place is around, note=note))
    return links
