"""The error pages that Django asks for by name: calm, with the request's id to quote."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.translation import gettext as _

from fleetfolk.console.outage import RETRY_AFTER, ROOM_AFTER, database_is_away
from fleetfolk.kernel.room import no_room


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: what was sent makes no sense."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: not for this person."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: absent, or not this person's to see."""
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """500: a defect of ours; 503: the database is away for a moment; 507: a disk is full.

    Made without context processors, which ask the database.
    """
    if no_room(sys.exception()):
        page = get_template("507.html").render({"request": request})
        return HttpResponse(page, status=507, headers={"Retry-After": str(ROOM_AFTER)})
    if database_is_away(sys.exception()):
        page = get_template("503.html").render({"request": request})
        return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER)})
    return HttpResponse(get_template("500.html").render({"request": request}), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form that this site did not send, or that is older than the sign-in. A part of a page gets a sentence."""
    if request.headers.get("HX-Request") == "true":
        sentence = _("This page is older than the last sign-in. Load it again and repeat this. Nothing was changed.")
        return render(request, "console/components/refusal.html", {"sentence": sentence, "status": 403}, status=403)
    return render(request, "403_csrf.html", status=403)
