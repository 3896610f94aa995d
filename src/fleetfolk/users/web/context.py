"""What every page knows of its viewer."""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject, lazy

from fleetfolk.organizations.branding import look_of
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
            "may_see": frozenset(person.role.permissions),
            "shell": shell_of(person),
            "theme": person.theme,
            "brand": _brand_of(person),
        }
        if known["shell"] == PORTAL:
            look = SimpleLazyObject(lambda: look_of(person.tenant_id))
            known |= {"look": look, "brand": lazy(lambda: look.name, str)()}
    return known


def shell_of(person: User) -> str:
    """The frame of the person's pages: the console for whoever may see others, else the portal."""
    return CONSOLE if VIEW_USERS.code in person.role.permissions else PORTAL


def _brand_name(person: User) -> str:
    """The name under which the tenant meets its customers."""
    home = person.organization
    return home.name if home.pk == home.tenant_id else home.tenant.name


_brand_of = lazy(_brand_name, str)
"""Looked up only by pages that say it."""
