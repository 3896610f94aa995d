"""The error pages that Django asks for by name."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django passes it
    """A form that this site did not send, or that is older than the sign-in."""
    return render(request, "403_csrf.html", status=403)
