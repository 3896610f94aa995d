"""What the dialogs about one device share: which device, how a refusal is shown, what is answered when done."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from fleetfolk.access.gate import GATE
from fleetfolk.access.web.opened import opened
from fleetfolk.console.http import ConsoleRequest, done
from fleetfolk.devices.models import Device
from fleetfolk.devices.permissions import ORG_DEVICES_VIEW
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.users.web.context import PORTAL, shell_now

CHANGED = "devices:changed"
"""The event by which lists and pages learn that a device changed."""


def device_seen(actor: Actor, device_id: int, *, deleted: bool = False) -> Device:
    """The device with what dialogs say of it. Raises `TargetNotFound` for one that the actor does not see.

    ``deleted``: also one that is deleted, for whoever restores it.
    """
    devices = Device.objects.select_related("organization__tenant", "template", "owner", "location")
    if not deleted:
        devices = devices.filter(deleted_at__isnull=True)
    device = GATE.within_reach(devices, actor=actor, permission=ORG_DEVICES_VIEW).filter(pk=device_id).first()
    if device is None:
        raise TargetNotFound
    return device


def device_for(action: type[Action[Any, Any]], request: ConsoleRequest, device_id: int) -> Device:
    """The device, where the viewer may do this to it. A POST by who may not goes to the Action, which logs it."""
    rows = Device.objects.select_related("organization__tenant", "template", "owner", "location")
    found = opened(request, rows, device_id, permission=action.permission, action=action)
    if found.deleted_at is not None:
        raise Refused("device_deleted", name=found.name)
    return found


def leave_a_trace(action: type[Action[Any, Any]], request: ConsoleRequest, target_id: int) -> None:
    """A POST that the gate refuses is in the log: the Action is asked, and raises before it reads any input."""
    perform(action, actor=request.actor, target_id=target_id, data=None)


def performed(
    form: forms.Form,
    action: type[Action[Any, Any]],
    request: ConsoleRequest,
    target_id: int,
    data: Any,
    *,
    field: str | None = None,
) -> Any:
    """The outcome, or None with the refusal in the form, so that what was typed is not lost."""
    try:
        return perform(action, actor=request.actor, target_id=target_id, data=data)
    except Refused as refusal:
        form.add_error(field, sentence_for(refusal))
        return None


def dialog(request: ConsoleRequest, template: str, form: forms.Form, *, button: str, **more: object) -> HttpResponse:
    """The dialog; 422 where it comes back with what is wrong."""
    context = {"form": form, "action": request.path, "button": button, **more}
    return render(request, template, context, status=422 if form.is_bound else 200)


def page_of(request: ConsoleRequest, device: Device) -> str:
    """The address of the device's page in the shell that is the viewer's."""
    in_portal = shell_now(request) == PORTAL
    return reverse("mydevices:detail" if in_portal else "devices:detail", args=[device.pk])


def device_done(
    request: ConsoleRequest, text: str, to: str, *, undo: tuple[str, str] | None = None, changed: str = CHANGED
) -> HttpResponse:
    """The answer after an act, with its way back."""
    return done(request, toast=text, to=to, undo=undo, changed=changed)
