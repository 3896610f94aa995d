"""Every signed-in request has its actor."""

from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

import structlog
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from fleetfolk.access.grants import grant_of, grants_of, holds_elsewhere
from fleetfolk.access.place import Lost, place_now
from fleetfolk.kernel.actor import Actor
from fleetfolk.users.mail import SPOKEN
from fleetfolk.users.models import User
from fleetfolk.users.web.actors import actor_of
from fleetfolk.users.web.working import said_of, to_the_first_page

_LOOKING = frozenset({"GET", "HEAD"})


class ActorMiddleware:
    """Puts ``request.actor`` on requests of signed-in people and works in their time zone.

    Whoever may not work any more where this browser works is brought home, and what they sent is not done: they meant
    it for another organization.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Signed-out requests have no actor: what needs one asks for a sign-in."""
        user = request.user
        if not isinstance(user, User | SimpleLazyObject) or not user.is_authenticated:
            return self.get_response(request)
        # Loaded by now: the person themselves, not what stands for them until then and looks at every word twice.
        request.user = user = getattr(request, "_cached_user", user)
        assert isinstance(user, User)  # noqa: S101 - narrows the type; the line above decides
        actor = actor_of(user, request)
        place = place_now(request, user, actor)
        if isinstance(place, Lost):
            messages.warning(request, said_of(place))
            return to_the_first_page(request)
        request.actor = _looking(replace(actor, place=place), user, request)  # type: ignore[attr-defined]
        structlog.contextvars.bind_contextvars(user=user.pk, tenant=user.tenant_id)
        if user.language in SPOKEN:
            # As the browser wishes, the language is on already; what was chosen counts more. Another one would mix
            # Django's own words in it with ours in English.
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(ZoneInfo(user.time_zone or user.organization.time_zone)):
            response = self.get_response(request)
        # Pages are about people: no cache between keeps them, and Back shows none after signing out.
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def _looking(actor: Actor, user: User, request: HttpRequest) -> Actor:
    """The actor of a request that changes nothing carries what was loaded of their rights a moment ago.

    Whoever is assisted holds less than that: the gate says what. A form may change the rights of whoever sends it.
    """
    if request.method not in _LOOKING:
        return actor
    at_home = actor.place is not None and actor.place.home
    loaded = actor.assisted_by is None and at_home and not holds_elsewhere(user)
    return replace(actor, rights=(grant_of(user),) if loaded else tuple(grants_of(actor)))
