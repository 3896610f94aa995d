"""What every page knows of its viewer."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from fleetfolk.users.models import User


def viewer(request: HttpRequest) -> dict[str, Any]:
    """The signed-in person and what their role lets them see in the navigation."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) and not getattr(user, "is_authenticated", False):
        return {"demo": settings.MODE != "production"}
    return {"viewer": user, "may_see": frozenset(user.role.permissions), "demo": settings.MODE != "production"}
