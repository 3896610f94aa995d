"""The links of the sidebar: pages that this installation has and that this viewer may open."""

import dataclasses
import functools
from collections.abc import Callable, Collection

from django.http import HttpRequest
from django.urls import NoReverseMatch, URLResolver, get_resolver, get_script_prefix, get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclasses.dataclass(frozen=True, kw_only=True)
class Page:
    """A page of the sidebar: its URL's name, the word and icon that stand for it, and the permissions that open it.

    Any one of ``needs`` opens it. ``inside`` names the views behind the page; without them it is those of its namespace
    that no other page names.
    """

    name: str
    label: Promise
    icon: str
    group: Promise | str = ""
    needs: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Link:
    """A page with its address; current says whether the viewer is inside it."""

    page: Page
    label: Promise | str
    url: str
    current: bool
    opens_group: bool


PAGES = (
    Page(name="users:list", label=_("Users"), icon="users", needs=("users.view",)),
    Page(name="messages:list", label=_("Messages"), icon="message", needs=("messages.view",)),
    Page(name="segments:list", label=_("Segments"), icon="chart-pie", needs=("segments.view",)),
    Page(name="lookup:home", label=_("Customer lookup"), icon="headset", needs=("users.view",)),
    Page(
        name="devices:list",
        label=_("Devices"),
        icon="device-desktop-analytics",
        group=_("Fleet"),
        needs=("devices.view",),
        inside=("activation:tokens", "activation:import", "activation:deleted"),
    ),
    Page(name="templates:list", label=_("Templates"), icon="template", group=_("Fleet"), needs=("templates.view",)),
    Page(name="places:list", label=_("Locations"), icon="map-pin", needs=("locations.view",)),
    Page(
        name="organizations:list",
        label=_("Organizations"),
        icon="building-community",
        group=_("Organization"),
        needs=("organizations.view",),
    ),
    Page(
        name="guests:list",
        label=_("Guests and partners"),
        icon="heart-handshake",
        group=_("Organization"),
        needs=("users.guests.view", "organizations.partners.view"),
    ),
    Page(
        name="access:list",
        label=_("Roles"),
        icon="shield-check",
        group=_("Organization"),
        needs=("roles.view",),
        inside=("roles:why",),
    ),
    Page(
        name="actionlog:list", label=_("Action log"), icon="history", group=_("Organization"), needs=("actionlog.view",)
    ),
    Page(name="jobs:list", label=_("Jobs"), icon="list-check", group=_("Organization")),
    Page(
        name="assistance:list",
        label=_("Remote assistance"),
        icon="lifebuoy",
        group=_("Organization"),
        needs=("support.view_as", "support.act_as", "support.approve"),
    ),
    Page(
        name="users:erasures",
        label=_("Erased people"),
        icon="user-off",
        group=_("Organization"),
        needs=("users.delete",),
        inside=("users:erasures", "users:erasure"),
    ),
    Page(
        name="settings:rules",
        label=_("Settings"),
        icon="settings",
        group=_("Organization"),
        needs=("organizations.settings.edit",),
    ),
    Page(
        name="plans:list",
        label=_("Plans"),
        icon="gauge",
        group=_("Installation"),
        needs=("installation.plans.edit",),
    ),
    Page(name="demo:mail", label=_("Mail sent by this demo"), icon="mail", group=_("Demo")),
)


_INSIDE = "fleetfolk.inside"
_NAMES: dict[str, Callable[[HttpRequest], Promise | str]] = {}


def name_page(name: str, label: Callable[[HttpRequest], Promise | str]) -> None:
    """The page is called what this says for the viewer, instead of the word in `PAGES`."""
    _NAMES[name] = label


def links_for(request: HttpRequest, *, may_see: Collection[str]) -> list[Link]:
    """The sidebar's links, in order, without the pages that these permissions do not open or that do not exist here."""
    here = _page_of(request)
    links: list[Link] = []
    group = ""
    for page in PAGES:
        if page.needs and not any(code in may_see for code in page.needs):
            continue
        url = _address(page.name, get_script_prefix(), get_resolver(get_urlconf()))
        if not url:
            continue  # This installation does not have the page: demo pages exist in demo mode only.
        links.append(
            Link(
                page=page,
                label=_NAMES[page.name](request) if page.name in _NAMES else page.label,
                url=url,
                current=page is here,
                opens_group=str(page.group) not in {"", group},
            )
        )
        group = str(page.group)
    return links


@functools.lru_cache(maxsize=256)
def _address(name: str, _prefix: str, _resolver: URLResolver) -> str:
    """Where the page is, which stays the same while the process runs; empty where it is not."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def stand_inside(request: HttpRequest, name: str) -> None:
    """The viewer is inside the page of this name, which the address does not say."""
    request.META[_INSIDE] = name


def _page_of(request: HttpRequest) -> Page | None:
    """The page that the viewer is inside."""
    if said := request.META.get(_INSIDE):
        return next((page for page in PAGES if page.name == said), None)
    match = request.resolver_match
    if match is None:
        return None
    named = next((page for page in PAGES if match.view_name in page.inside), None)
    return named or next((page for page in PAGES if page.name.partition(":")[0] == match.namespace), None)
