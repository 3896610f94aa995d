"""The page on which somebody makes a device their own by its code."""

from typing import cast

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from fleetfolk.console.http import ConsoleRequest, done, portal_view
from fleetfolk.devices.permissions import OWN_DEVICES_PROVISION
from fleetfolk.devices.tokens import LONGEST_SCANNED, code_in
from fleetfolk.devices.web.claiming import claimed, claimed_text
from fleetfolk.devices.web.dialogs import page_of
from fleetfolk.devices.web.forms import ClaimForm
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
    if OWN_DEVICES_PROVISION.code not in cast("User", request.user).role.permissions:
        raise Denied("permission_missing")
    scanned = request.GET.get("code", "")[:LONGEST_SCANNED]
    form = ClaimForm(initial={"code": code_in(scanned)} if scanned else None)
    return render(request, "devices/claim.html", {"form": form})
