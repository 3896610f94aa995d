"""One row of what is known of a device as a form, where it stands; without scripts, on the page itself."""

import json
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.devices.actions.edit_device import EditDevice
from fleetfolk.devices.actions.edit_metadata import EditMetadata
from fleetfolk.devices.models import Device
from fleetfolk.devices.permissions import ORG_DEVICES_EDIT
from fleetfolk.devices.queries import device_detail
from fleetfolk.devices.web.device_metadata import FIELD, RowForm, context
from fleetfolk.devices.web.device_page import page
from fleetfolk.devices.web.dialogs import performed
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.perform import perform


@console_view
@dialog_methods
def edit_field(request: ConsoleRequest, device_id: int, field: str) -> HttpResponse:
    """The row as a form; saved, the row again. ``?cancel`` answers with the row as it is."""
    device = _editable(request, device_id, field)
    form = RowForm(request.POST if request.method == "POST" else None, slug=field, device=device)
    if request.method != "POST" and "cancel" in request.GET:
        return _row(request, form, device)
    if form.is_valid():
        action, data = form.step()
        if performed(form, action, request, device.pk, data, field="value"):
            saved = _("%(field)s is saved.") % {"field": form.label}
            if not request.htmx:
                return done(request, toast=saved, to=reverse("devices:metadata", args=[device.pk]))
            return _row(request, form, device_detail(request.actor, device_id), saved=saved)
    status = 422 if form.is_bound else 200
    editing = {"form": form, "row": form.row(device), "action": request.path}
    if request.htmx:
        more = {"editing": editing, "device": device}
        return render(request, "devices/device_metadata.html#editing", more, status=status)
    more = {**context(request, device), "editing": editing}
    return page(request, device, "metadata", more=more, grants=grants_of(request.actor), status=status)


def _editable(request: ConsoleRequest, device_id: int, slug: str) -> Device:
    """The device, where the viewer may edit it. A POST by who may not goes to the Action, which logs it."""
    if request.method == "POST":
        action: type[Action[Any, Any]] = EditMetadata if slug.startswith(FIELD) else EditDevice
        owned = Device.objects.select_related("organization").filter(pk=device_id, tenant_id=request.actor.tenant_id)
        found = owned.first()
        if found is None or not GATE.decide(request.actor, ORG_DEVICES_EDIT, found).allowed:
            perform(action, actor=request.actor, target_id=device_id, data=None)
    device = device_detail(request.actor, device_id)
    decision = GATE.decide(request.actor, ORG_DEVICES_EDIT, device)
    if not decision.allowed:
        raise Denied(decision.reason)
    return device


def _row(request: ConsoleRequest, form: RowForm, device: Device, *, saved: str = "") -> HttpResponse:
    if not request.htmx:
        return HttpResponseRedirect(reverse("devices:metadata", args=[device.pk]))
    answer = render(request, "devices/device_metadata.html#row", {"row": form.row(device), "focus": True})
    if saved:
        answer["HX-Trigger-After-Settle"] = json.dumps({"announce": {"text": saved}, "device:changed": True})
    return answer
