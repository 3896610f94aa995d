"""The action log of one person: a tab of their page, and a page of one's own account."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fleetfolk.actionlog.permissions import VIEW_ACTION_LOG
from fleetfolk.actionlog.queries import own_reader, reader_of
from fleetfolk.actionlog.web.places import of_oneself, of_person
from fleetfolk.actionlog.web.views import BODY, log_context
from fleetfolk.console.http import ConsoleRequest
from fleetfolk.users.models import User
from fleetfolk.users.web.profile_tabs import Tab, register_tab


def action_log(request: ConsoleRequest, person: User) -> HttpResponse:
    """What the person did and what was done to them; through htmx only what changes."""
    if request.path_info.startswith("/account/"):
        # Whoever helps looks, and takes nothing along.
        export = "" if request.actor.assisted_by else reverse("account:export-log")
        reader, place = own_reader(request.actor), of_oneself(person.pk, here=request.path, export=export)
    else:
        reader, place = reader_of(request.actor), of_person(person.pk, person.get_short_name(), here=request.path)
    context = log_context(request, reader, place)
    return render(request, f"{BODY}#swapped" if context["swapped"] else "users/tabs/action_log.html", context)


register_tab(
    Tab(
        slug="action-log",
        label=_("Action log"),
        icon="history",
        position=30,
        needs=VIEW_ACTION_LOG,
        render=action_log,
        own=True,
    )
)
