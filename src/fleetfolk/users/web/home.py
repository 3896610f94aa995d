"""Where somebody arrives after signing in."""

import datetime as dt
from typing import cast

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fleetfolk.actionlog.web.views import patiently
from fleetfolk.console.http import ConsoleRequest, portal_view
from fleetfolk.kernel.actor import Actor
from fleetfolk.portal.cards import cards_for
from fleetfolk.users.activity import Happening, Sought, activity_page
from fleetfolk.users.models import User
from fleetfolk.users.web.context import CONSOLE, shell_now

MORNING, AFTERNOON, EVENING = 5, 12, 18
"""The hours, in the person's own zone, from which the greetings hold."""

SHOWN = 5
SOON = dt.timedelta(minutes=1)


@portal_view(assisted="see")
@require_safe
def home(request: ConsoleRequest) -> HttpResponse:
    """The people, for whoever may see them; for customers, the portal's first page."""
    person = cast("User", request.user)
    if shell_now(request) == CONSOLE:
        return HttpResponseRedirect(reverse("users:list"))
    home = person.organization
    context = {
        "greeting": greeting(person, timezone.localtime()),
        "place": "" if home.pk == home.tenant_id else home.name,
        "today": _today(request.actor, person),
        "main": cards_for(request, main=True),
        "cards": cards_for(request),
    }
    return render(request, "portal/home.html", context)


def _today(actor: Actor, person: User) -> list[Happening]:
    """The newest of what happened around the person since midnight, their time."""
    now = timezone.localtime()
    # What happens while the page is made is not in the future.
    sought = Sought(since=now.replace(hour=0, minute=0, second=0, microsecond=0), until=now + SOON, size=SHOWN)
    page = patiently(lambda: activity_page(actor, person, sought))
    return page.happenings if page else []


def greeting(person: User, now: dt.datetime) -> str:
    """A greeting for the time of day, by the name that the person likes."""
    name = {"name": person.nickname or person.get_short_name()}
    if MORNING <= now.hour < AFTERNOON:
        return _("Good morning, %(name)s") % name
    if AFTERNOON <= now.hour < EVENING:
        return _("Good afternoon, %(name)s") % name
    if now.hour >= EVENING:
        return _("Good evening, %(name)s") % name
    return _("Hello, %(name)s") % name
