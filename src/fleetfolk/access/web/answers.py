"""How the pages about roles answer after an Action."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from fleetfolk.console.http import ConsoleRequest


def back_to_the_matrix(request: ConsoleRequest, text: str) -> HttpResponse:
    """The whole matrix anew, with what was done: columns come, go and change places."""
    messages.success(request, text)
    to = reverse("access:list")
    return HttpResponseClientRedirect(to) if request.htmx else HttpResponseRedirect(to)
