"""What makes the portal an app on somebody's home screen: its manifest, its service worker, its page without a network.

All three are for everybody: they hold nothing of anybody, and the browser asks for them without signing in.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """The app's name, colours and icon."""
    return _fresh(render(request, "portal/manifest.json", content_type="application/manifest+json"))


@login_not_required
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that stands between the app and the network. Served at the root, so that it covers every page."""
    return _fresh(render(request, "portal/service_worker.js", content_type="text/javascript"))


@login_not_required
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What the app shows where there is no network."""
    return _fresh(render(request, "portal/offline.html"))


def _fresh(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-cache"
    return response
