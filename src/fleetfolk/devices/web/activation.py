"""How a device comes in by hand and changes hands: the dialogs, and the page that shows a token once."""

from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.access.place import organization_now
from fleetfolk.console.dialogs import Question, ask, dialog_methods, shown_once
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.devices.actions.assign_owner import AssignOwner
from fleetfolk.devices.actions.create_device import CreateDevice
from fleetfolk.devices.actions.delete_device import DeleteDevice
from fleetfolk.devices.actions.restore_device import RestoreDevice
from fleetfolk.devices.actions.revoke_claim import RevokeClaim
from fleetfolk.devices.actions.revoke_owner import RevokeOwner
from fleetfolk.devices.actions.rotate_token import RotateToken, RotateTokenInput
from fleetfolk.devices.actions.transfer_device import TransferDevice
from fleetfolk.devices.models import RESTORABLE_FOR, Claim, Datastream, Device, Template, TemplateUse
from fleetfolk.devices.permissions import ORG_DEVICES_CREATE, ORG_DEVICES_DELETE, ORG_DEVICES_VIEW
from fleetfolk.devices.tokens import Kept, new_token
from fleetfolk.devices.web.dialogs import (
    CHANGED,
    device_done,
    device_for,
    dialog,
    leave_a_trace,
    page_of,
    performed,
)
from fleetfolk.devices.web.forms import CreateDeviceForm, OwnerForm, TransferDeviceForm
from fleetfolk.kernel.errors import Denied, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.permissions import Permission
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.queries import upwards
from fleetfolk.users.actions.no_input import NoInput

DELETED_SHOWN = 200


@console_view
@dialog_methods
def create(request: ConsoleRequest) -> HttpResponse:
    """A new device; the answer shows its token, once."""
    reachable = organizations_for(request, ORG_DEVICES_CREATE)
    home = reachable.filter(pk=organization_now(request).pk).first() or reachable.order_by("path").first()
    if home is None:
        if request.method == "POST":
            own = organization_now(request).pk
            leave_a_trace(CreateDevice, request, own)
        raise Denied("permission_missing")
    form = CreateDeviceForm(
        request.POST if request.method == "POST" else None,
        templates=list(templates_offered(home)),
        reachable=reachable,
        home=home,
    )
    if form.is_valid():
        token = new_token()
        place = form.cleaned_data["organization"]
        outcome = performed(form, CreateDevice, request, place.pk, form.to_input(token))
        if outcome is not None:
            return token_shown(request, outcome.target, token)
    return dialog(request, "devices/create.html", form, button=_("Add device"))


@console_view
@dialog_methods
def rotate(request: ConsoleRequest, device_id: int) -> HttpResponse:
    """Another token for the device, shown once; the old one is refused from now on."""
    device = device_for(RotateToken, request, device_id)
    if request.method != "POST":
        lead = _("%(device)s is refused at its next request until the new token is in its firmware.")
        question = Question(
            title=_("Replace the token"),
            lead=lead % {"device": device.name},
            button=_("Replace the token"),
            about=device.name,
        )
        return ask(request, question)
    token = new_token()
    data = RotateTokenInput(token=Kept.of(token))
    outcome = perform(RotateToken, actor=request.actor, target_id=device_id, data=data)
    return token_shown(request, outcome.target, token)


@console_view
@dialog_methods
def owner(request: ConsoleRequest, device_id: int) -> HttpResponse:
    """Who owns the device from now on."""
    device = device_for(AssignOwner, request, device_id)
    form = OwnerForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and performed(form, AssignOwner, request, device.pk, form.to_input(), field="email"):
        return device_done(request, _("%(device)s has a new owner.") % {"device": device}, page_of(request, device))
    return dialog(request, "devices/owner.html", form, device=device, button=_("Set owner"))


@console_view
@require_POST
def remove_owner(request: ConsoleRequest, device_id: int) -> HttpResponse:
    """Nobody owns the device any more."""
    device = perform(RevokeOwner, actor=request.actor, target_id=device_id, data=NoInput()).target
    return device_done(request, _("%(device)s has no owner now.") % {"device": device}, page_of(request, device))


@console_view
@dialog_methods
def transfer(request: ConsoleRequest, device_id: int) -> HttpResponse:
    """Another person or organization has the device from now on."""
    device = device_for(TransferDevice, request, device_id)
    form = TransferDeviceForm(
        request.POST if request.method == "POST" else None, reachable=organizations_for(request, ORG_DEVICES_VIEW)
    )
    if form.is_valid() and performed(form, TransferDevice, request, device.pk, form.to_input()):
        return device_done(request, _("%(device)s is transferred.") % {"device": device}, page_of(request, device))
    return dialog(request, "devices/transfer.html", form, device=device, button=_("Transfer 1 device"))


@console_view
@dialog_methods
def delete(request: ConsoleRequest, device_id: int) -> HttpResponse:
    """The device is gone at once, and restorable for a while."""
    if request.method != "POST":
        device = device_for(DeleteDevice, request, device_id)
        lead = _("%(device)s is refused at its next request. Everything can be restored for %(days)s days.")
        question = Question(
            title=_("Delete device"),
            lead=lead % {"device": device.name, "days": RESTORABLE_FOR.days},
            button=_("Delete 1 device"),
            about=device.name,
            danger=True,
        )
        return ask(request, question)
    device = perform(DeleteDevice, actor=request.actor, target_id=device_id, data=NoInput()).target
    undo = (reverse("activation:restore", args=[device.pk]), _("Undo"))
    text = _("%(device)s is deleted.") % {"device": device}
    return device_done(request, text, reverse("activation:deleted"), undo=undo)


@console_view
@require_POST
def restore(request: ConsoleRequest, device_id: int) -> HttpResponse:
    """The device is as it was."""
    device = perform(RestoreDevice, actor=request.actor, target_id=device_id, data=NoInput()).target
    return device_done(request, _("%(device)s is restored.") % {"device": device}, page_of(request, device))


@console_view
@require_safe
def deleted(request: ConsoleRequest) -> HttpResponse:
    """The devices that can still be restored, those deleted last first."""
    gone = Device.objects.select_related("template", "organization", "owner").filter(deleted_at__isnull=False)
    places = GATE.paths_within_reach(request.actor, ORG_DEVICES_DELETE)
    undoable = reduce(or_, (Q(path__startswith=path) for path in places), Q(deleted_by_organization=False))
    mine = GATE.within_reach(gone, actor=request.actor, permission=ORG_DEVICES_DELETE).filter(undoable)
    context = {"devices": mine.order_by("-deleted_at", "-pk")[:DELETED_SHOWN], "days": RESTORABLE_FOR.days}
    partial = request.htmx and request.htmx.target == "deleted"
    return render(request, "devices/deleted.html#deleted" if partial else "devices/deleted.html", context)


@console_view
@dialog_methods
def disclaim(request: ConsoleRequest, device_id: int) -> HttpResponse:
    """The device is back with whoever issued its code."""
    claim = Claim.objects.select_related("device__organization", "organization").filter(
        device_id=device_id, tenant_id=request.actor.tenant_id
    )
    found = claim.first()
    if request.method == "POST":
        outcome = perform(RevokeClaim, actor=request.actor, target_id=0 if found is None else found.pk, data=NoInput())
        device: Any = outcome.target
        text = _("%(device)s is back in %(organization)s, and its code is good again.")
        about = {"device": device, "organization": device.organization.name}
        return device_done(request, text % about, page_of(request, device))
    if found is None:
        raise TargetNotFound
    decision = GATE.decide(request.actor, RevokeClaim.permission, found)
    if not decision.allowed:
        raise Denied(decision.reason) if decision.visible else TargetNotFound
    lead = _("%(device)s loses its owner and goes back to %(organization)s. Its code can be claimed again.")
    question = Question(
        title=_("Take the device back"),
        lead=lead % {"device": found.device.name, "organization": found.organization.name},
        button=_("Take back 1 device"),
        about=found.device.name,
    )
    return ask(request, question)


def organizations_for(request: ConsoleRequest, permission: Permission) -> QuerySet[Organization]:
    """Where the viewer has the right."""
    grants = grants_of(request.actor)
    return GATE.within_reach(Organization.objects.all(), actor=request.actor, permission=permission, grants=grants)


def templates_offered(home: Organization) -> QuerySet[Template]:
    """The templates of devices that may be in the organization or somewhere below it, by name."""
    templates = Template.objects.filter(tenant_id=home.tenant_id, archived_at__isnull=True).order_by("name")
    if home.is_tenant:
        return templates
    uses = TemplateUse.objects.filter(template=OuterRef("pk")).filter(
        Q(organization_id__in=upwards(home)) | Q(organization__path__startswith=home.path)
    )
    return templates.filter(Exists(uses))


def token_shown(request: ConsoleRequest, device: Device, token: str, *, minutes: int = 0) -> HttpResponse:
    """The token with what the firmware needs, shown once.

    ``minutes`` is how long the device has to sign in the first time, where that is limited.
    """
    template = device.template
    pins = Datastream.objects.filter(template=template).order_by("position", "pin").values_list("pin", flat=True)
    context = {
        "device": device,
        "token": token,
        "lines": [
            f'#define BLYNK_TEMPLATE_ID "{template.public_id}"',
            f'#define BLYNK_TEMPLATE_NAME "{_in_quotes(template.name)}"',
            f'#define BLYNK_AUTH_TOKEN "{token}"',
        ],
        "pin": next(iter(pins), 0),
        "origin": settings.FLEETFOLK_ORIGIN,
        "minutes": minutes,
    }
    page = page_of(request, device)
    return shown_once(request, "devices/token_shown.html", context, page=page, changed=CHANGED)


def _in_quotes(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
