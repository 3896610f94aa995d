"""What every page knows of its viewer."""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest

from fleetfolk.users.models import User


def viewer(request: HttpRequest) -> dict[str, Any]:
    """The signed-in person and what their role lets them see in the navigation."""
    known: dict[str, Any] = {"demo": settings.MODE == "demo"}
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        person = cast("User", user)
        known |= {"viewer": person, "may_see": frozenset(person.role.permissions)}
    return known
