"""How the pages about roles answer after an Action."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from fleetfolk.console.http import ConsoleRequest
from fleetfolk.organizations.models import Organization


def back_to_the_matrix(request: ConsoleRequest, text: str, place: Organization | None = None) -> HttpResponse:
    """The whole matrix anew, or the place's, with what was done: columns come, go and change places."""
    messages.success(request, text)
    to = reverse("access:list") + (f"?for={place.pk}" if place else "")
    return HttpResponseClientRedirect(to) if request.htmx else HttpResponseRedirect(to)
