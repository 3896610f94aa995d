"""The pages on which somebody makes a device their own: by its code, or by setting it up over its own Wi-Fi."""

from typing import cast
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from fleetfolk.access.gate import GATE
from fleetfolk.access.place import organization_now
from fleetfolk.console.http import ConsoleRequest, done, portal_view
from fleetfolk.devices.actions.create_provisioning import PROVISIONING_LASTS, CreateProvisioning
from fleetfolk.devices.permissions import OWN_DEVICES_PROVISION
from fleetfolk.devices.template_queries import templates_for
from fleetfolk.devices.tokens import LONGEST_SCANNED, code_in, new_token
from fleetfolk.devices.web.activation import token_shown
from fleetfolk.devices.web.claiming import claimed, claimed_text
from fleetfolk.devices.web.dialogs import leave_a_trace, page_of, performed
from fleetfolk.devices.web.forms import ClaimForm, SetUpForm
from fleetfolk.kernel.actor import Client
from fleetfolk.kernel.errors import Denied
from fleetfolk.users.models import User


@portal_view()
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: ConsoleRequest) -> HttpResponse:
    """The form, with the code filled in where a QR picture led here; looking at it claims nothing."""
    if request.method == "POST":
        form = ClaimForm(request.POST)
        device = claimed(request, form)
        if device is not None:
            return done(request, toast=claimed_text(device), to=page_of(request, device))
        return render(request, "devices/claim.html", {"form": form}, status=422)
    _require_right(request)
    scanned = request.GET.get("code", "")[:LONGEST_SCANNED]
    form = ClaimForm(initial={"code": code_in(scanned)} if scanned else None)
    return render(request, "devices/claim.html", {"form": form})


@portal_view()
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: ConsoleRequest) -> HttpResponse:
    """A device that gets its Wi-Fi and its token from a phone beside it; the answer shows the token once."""
    person = cast("User", request.user)
    if request.method == "POST" and not _has_right(request):
        leave_a_trace(CreateProvisioning, request, person.organization_id)
    _require_right(request)
    templates = list(templates_for(person.organization))
    form = SetUpForm(request.POST if request.method == "POST" else None, templates=templates)
    if form.is_valid():
        token = new_token()
        outcome = performed(form, CreateProvisioning, request, person.organization_id, form.to_input(token))
        if outcome is not None:
            return token_shown(request, outcome.target, token, minutes=int(PROVISIONING_LASTS.total_seconds() // 60))
    context = {"form": form, "templates": templates}
    return render(request, "devices/set_up.html", context, status=422 if form.is_bound else 200)


def _has_right(request: ConsoleRequest) -> bool:
    return GATE.decide(request.actor, OWN_DEVICES_PROVISION, organization_now(request)).allowed


def _require_right(request: ConsoleRequest) -> None:
    if not _has_right(request):
        raise Denied("permission_missing")


def claim_first(person: User, code: str) -> str:
    """Who has just signed up, and may have devices, begins by adding one; the code that led them here is filled in."""
    here = person.as_actor(Client.WEB)
    if not GATE.decide(here, OWN_DEVICES_PROVISION, person.organization).allowed:
        return ""
    return reverse("mydevices:claim") + (f"?{urlencode({'code': code})}" if code else "")
