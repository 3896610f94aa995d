"""Going to work in another organization, and back home."""

from typing import Final, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from fleetfolk.access.place import Lost, go_home, work_in
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.users.actions.end_work import EndWork, EndWorkInput
from fleetfolk.users.actions.start_work import StartWork, StartWorkInput
from fleetfolk.users.models import User

LONGEST_KEY: Final = 19


@console_view
@require_POST
def start(request: ConsoleRequest) -> HttpResponseBase:
    """From now on this browser works in the ``organization``; at home where it is one's own."""
    person, key = cast("User", request.user), key_of(request.POST.get("organization", ""))
    if key == person.organization_id:
        return home(request)
    perform(StartWork, actor=request.actor, target_id=person.pk, data=StartWorkInput(organization_id=key))
    work_in(request, Organization.objects.get(pk=key, tenant_id=person.tenant_id))
    return to_the_first_page(request)


@console_view
@require_POST
def home(request: ConsoleRequest) -> HttpResponseBase:
    """Back home, always."""
    place = request.actor.place
    go_home(request)
    if place is not None and not place.home:
        data = EndWorkInput(organization_id=place.organization_id, name=place.name)
        perform(EndWork, actor=request.actor, target_id=cast("User", request.user).pk, data=data)
    return to_the_first_page(request)


def key_of(text: str) -> int:
    """The key that was sent; 0 where it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < LONGEST_KEY else 0


def said_of(lost: Lost) -> str:
    """What somebody reads who was brought home."""
    if not lost.name:
        return _("The organization in which you worked is gone. You are back home.")
    return _("You cannot work in %(name)s any more. You are back home.") % {"name": lost.name}


def to_the_first_page(request: HttpRequest) -> HttpResponse:
    """The whole page is a new one, also where a part of one was asked for."""
    where = reverse("home")
    partly = request.headers.get("HX-Request") == "true"
    return HttpResponseClientRedirect(where) if partly else HttpResponseRedirect(where)
