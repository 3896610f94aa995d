"""What the pages of one's own account share: whose they are, the shell they stand in, and their tabs."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from fleetfolk.console.http import Assisted, ConsoleRequest, is_open_here, portal_view
from fleetfolk.users.models import User
from fleetfolk.users.web.context import PORTAL, shell_now
from fleetfolk.users.web.profile_tabs import own_tabs

FRAME = "users/own/frame.html"
"""What the pages extend: the title, the tabs, and the block `own`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnPage:
    """A page of one's own account: its URL's name, and the word that stands for it.

    ``place`` pages are places of the portal by themselves; only the console has them among the tabs. ``inside`` is the
    namespace of the pages that lie behind this one.
    """

    name: str
    label: StrPromise
    place: bool = False
    inside: str = ""

    def holds(self, view_name: str) -> bool:
        """Whether the view is this page or behind it."""
        return view_name == self.name or bool(self.inside and view_name.startswith(f"{self.inside}:"))


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnLink:
    """A page of one's own account with its address; current says whether it is open."""

    page: OwnPage
    url: str
    current: bool


PAGES = (
    OwnPage(name="account:profile", label=_("Profile")),
    OwnPage(name="account:organizations", label=_("Organizations")),
    OwnPage(name="account:security", label=_("Security"), inside="security"),
    OwnPage(name="notices:own", label=_("Notifications")),
    OwnPage(name="account:action-log", label=_("Activity"), place=True),
    OwnPage(name="assistance:own", label=_("Support"), inside="assistance"),
    OwnPage(name="account:data", label=_("Your data")),
    OwnPage(name="keys:own", label=_("API keys"), inside="keys"),
    OwnPage(name="inbox:list", label=_("Messages"), place=True, inside="inbox"),
)


def own_view[**P](
    *, assisted: Assisted | None = None
) -> Callable[
    [Callable[Concatenate[ConsoleRequest, User, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """The view gets the signed-in person and never anybody else's key; ``assisted`` as with `portal_view`."""

    def decorate(
        view: Callable[Concatenate[ConsoleRequest, User, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @portal_view(assisted=assisted)
        @wraps(view)
        def own(request: ConsoleRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            return view(request, cast("User", request.user), *args, **kwargs)

        return own

    return decorate


def own_links(request: HttpRequest, *, in_portal: bool) -> list[OwnLink]:
    """The tabs of one's own account, in order, as far as the viewer may open them."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    hidden = _TABS - {f"account:{tab.slug}" for tab in own_tabs()}
    links: list[OwnLink] = []
    for page in PAGES:
        if page.name in hidden or (page.place and in_portal):
            continue
        url = reverse(page.name)
        if is_open_here(request, url):
            links.append(OwnLink(page=page, url=url, current=page.holds(here)))
    return links


_TABS = {"account:security", "account:action-log"}


def own_page(request: ConsoleRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """The page of one's own account: in the portal under the name of its place, elsewhere with the tabs around it."""
    person = cast("User", request.user)
    in_portal = shell_now(request) == PORTAL
    here = request.resolver_match.view_name if request.resolver_match else ""
    place = next((page for page in PAGES if in_portal and page.place and page.name == here), None)
    around = {
        "person": person,
        "helped": request.actor.assisted_by is not None,
        "own_title": place.label if place else _("Your account"),
        "own_links": [] if place else own_links(request, in_portal=in_portal),
    }
    return render(request, template, {**context, **around}, status=status)
