"""The interactive reference of the interface, served from here."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from fleetfolk.console.http import ConsoleRequest, console_view


@console_view
@require_safe
def reference(request: ConsoleRequest) -> HttpResponse:
    """Every address with its fields and examples, to be tried with a key."""
    return render(request, "api/reference.html", {"document": reverse("api:openapi-json")})
