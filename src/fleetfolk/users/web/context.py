"""What every page knows of its viewer."""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject, lazy

from fleetfolk.access.grants import grants_of, holds_elsewhere
from fleetfolk.access.models_switches import held_at_home
from fleetfolk.organizations.branding import look_of
from fleetfolk.organizations.permissions import SWITCH_ORGANIZATIONS
from fleetfolk.users.models import User
from fleetfolk.users.permissions import VIEW_USERS

CONSOLE, PORTAL = "console/base.html", "portal/base.html"


def viewer(request: HttpRequest) -> dict[str, Any]:
    """The signed-in person, what their role lets them see in the navigation, and the shell that is theirs."""
    known: dict[str, Any] = {"demo": settings.MODE == "demo"}
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        person = cast("User", user)
        known |= {
            "viewer": person,
            "may_see": may_see_now(request),
            "shell": shell_now(request),
            "place_name": _place_name(request, person),
            "chooses_place": _chooses_place(request, person),
            "theme": person.theme,
            "brand": _brand_of(person),
        }
        if known["shell"] == PORTAL:
            look = SimpleLazyObject(lambda: look_of(person.organization_id))
            known |= {"look": look, "brand": lazy(lambda: look.name, str)()}
    return known


def may_see_now(request: HttpRequest) -> frozenset[str]:
    """What the viewer holds anywhere where they work now: which links and buttons lead somewhere."""
    person, actor = cast("User", request.user), getattr(request, "actor", None)
    if actor is None or actor.assisted_by is not None:
        return held_at_home(person)
    if not hasattr(request, "may_see_now"):
        # Whoever is in a thousand places holds the same few roles there.
        held = {grant.permissions for grant in grants_of(actor)}
        request.may_see_now = frozenset[str]().union(*held)  # type: ignore[attr-defined]
    seen: frozenset[str] = request.may_see_now  # type: ignore[attr-defined]
    return seen


def _place_name(request: HttpRequest, person: User) -> str:
    """The organization whose pages these are."""
    place = getattr(getattr(request, "actor", None), "place", None)
    return str(place.name) if place else person.organization.name


def _chooses_place(request: HttpRequest, person: User) -> bool:
    """Whether there is another organization in which the viewer may work."""
    actor = getattr(request, "actor", None)
    if actor is None or actor.assisted_by is not None:
        return False
    elsewhere = actor.place is not None and not actor.place.home
    return elsewhere or holds_elsewhere(person) or SWITCH_ORGANIZATIONS.code in may_see_now(request)


def shell_now(request: HttpRequest) -> str:
    """The frame of the viewer's pages: the console for whoever may see others where they work now, else the portal."""
    return CONSOLE if VIEW_USERS.code in may_see_now(request) else PORTAL


def _brand_name(person: User) -> str:
    """The name under which the tenant meets its customers."""
    home = person.organization
    return home.name if home.pk == home.tenant_id else home.tenant.name


_brand_of = lazy(_brand_name, str)
"""Looked up only by pages that say it."""
