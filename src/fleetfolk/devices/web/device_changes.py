"""What is changed in the header of a device's page, and from its menu: name, tags, in use or not."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.console.marking import words_of
from fleetfolk.devices.actions.activate_device import ActivateDevice
from fleetfolk.devices.actions.assign_device_tag import AssignDeviceTag, DeviceTagInput
from fleetfolk.devices.actions.deactivate_device import DeactivateDevice
from fleetfolk.devices.actions.rename_device import RenameDevice, RenameDeviceInput
from fleetfolk.devices.actions.revoke_device_tag import RevokeDeviceTag
from fleetfolk.devices.models import Device
from fleetfolk.devices.queries import device_detail, usable_tags
from fleetfolk.devices.web.dialogs import device_done, device_for, dialog, performed
from fleetfolk.devices.web.forms import DeviceNameField
from fleetfolk.kernel.perform import perform
from fleetfolk.users.actions.no_input import NoInput, ReasonInput

TAGS_OFFERED = 50
LONGEST_REASON = 200


class RenameForm(forms.Form):
    """The name."""

    name = DeviceNameField()


class ReasonForm(forms.Form):
    """Why, for the log."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("It is kept in the action log."),
    )


@console_view
@dialog_methods
def rename(request: ConsoleRequest, device_id: int) -> HttpResponse:
    """The device is called otherwise."""
    device = device_for(RenameDevice, request, device_id)
    form = RenameForm(request.POST if request.method == "POST" else None, initial={"name": device.name})
    if form.is_valid():
        data = RenameDeviceInput(name=form.cleaned_data["name"])
        if performed(form, RenameDevice, request, device.pk, data, field="name"):
            return _done(request, device, _("The device is called %(device)s now.") % {"device": data.name})
    return dialog(request, "devices/device_rename.html", form, device=device, button=_("Rename"))


@console_view
@dialog_methods
def deactivate(request: ConsoleRequest, device_id: int) -> HttpResponse:
    """The device is refused from its next request on."""
    device = device_for(DeactivateDevice, request, device_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        data = ReasonInput(reason=form.cleaned_data["reason"])
        if performed(form, DeactivateDevice, request, device.pk, data):
            undo = (reverse("devices:activate", args=[device.pk]), _("Undo"))
            return _done(request, device, _("%(device)s is deactivated.") % {"device": device}, undo=undo)
    return dialog(request, "devices/device_deactivate.html", form, device=device, button=_("Deactivate 1 device"))


@console_view
@require_POST
def activate(request: ConsoleRequest, device_id: int) -> HttpResponse:
    """The device is let in again."""
    device: Any = perform(ActivateDevice, actor=request.actor, target_id=device_id, data=NoInput()).target
    return _done(request, device, _("%(device)s is active.") % {"device": device})


@console_view
@require_safe
def tag_choices(request: ConsoleRequest, device_id: int) -> HttpResponse:
    """The tags that the device could carry and does not, with every word typed in their names."""
    device_for(AssignDeviceTag, request, device_id)
    device = device_detail(request.actor, device_id)
    words = words_of(request.GET.get("find", "")[:80])
    carried = {given.tag_id for given in device.device_tags.all()}
    found = [tag for tag in usable_tags(device, words) if tag.pk not in carried]
    context = {"device": device, "tags": found[:TAGS_OFFERED], "words": words, "more": len(found) > TAGS_OFFERED}
    return render(request, "devices/tag_choices.html", context)


@console_view
@require_POST
def add_tag(request: ConsoleRequest, device_id: int, tag_id: int) -> HttpResponse:
    """The device carries the tag."""
    outcome = perform(AssignDeviceTag, actor=request.actor, target_id=device_id, data=DeviceTagInput(tag_id=tag_id))
    about = {"device": outcome.target, "tag": outcome.facts.get("tag") or ""}
    return _done(request, outcome.target, _("%(device)s has the tag %(tag)s.") % about)


@console_view
@require_POST
def remove_tag(request: ConsoleRequest, device_id: int, tag_id: int) -> HttpResponse:
    """The device no longer carries the tag."""
    outcome = perform(RevokeDeviceTag, actor=request.actor, target_id=device_id, data=DeviceTagInput(tag_id=tag_id))
    about = {"device": outcome.target, "tag": outcome.facts.get("tag") or ""}
    undo = (reverse("devices:add-tag", args=[device_id, tag_id]), _("Undo"))
    return _done(request, outcome.target, _("%(device)s no longer has the tag %(tag)s.") % about, undo=undo)


def _done(request: ConsoleRequest, device: Device, text: str, *, undo: tuple[str, str] | None = None) -> HttpResponse:
    return device_done(request, text, reverse("devices:detail", args=[device.pk]), undo=undo)
