"""Who and what belongs to a location: people and devices are chosen for it, or taken from it."""

import uuid
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from fleetfolk.access.gate import GATE
from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.console.typed import typed
from fleetfolk.devices.actions.edit_device import EditDevice, EditDeviceInput
from fleetfolk.devices.models import Device, DeviceState
from fleetfolk.devices.permissions import ORG_DEVICES_EDIT
from fleetfolk.devices.web.located import location_seen, place_done
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import ActionError, Denied
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.organizations.models import Location
from fleetfolk.organizations.permissions import ASSIGN_LOCATIONS
from fleetfolk.users.actions.assign_location import AssignLocation, AssignLocationInput
from fleetfolk.users.models import State, User
from fleetfolk.users.permissions import VIEW_USERS

OFFERED = 30
MOST_AT_ONCE = 200


@console_view
@dialog_methods
def assign_people(request: ConsoleRequest, location_id: int) -> HttpResponse:
    """People of the location's organization are chosen and belong to it; each stands or falls alone."""
    location = _seen_for(ASSIGN_LOCATIONS, request, location_id)
    candidates = GATE.within_reach(
        User.objects.filter(organization=location.organization, state__lt=State.DEACTIVATED),
        actor=request.actor,
        permission=VIEW_USERS,
    ).exclude(location=location)
    if request.method == "POST":
        return _assigned(request, location, AssignLocation, AssignLocationInput(location_id=location.pk))
    query = typed(request.GET, "find")
    for word in query.split():
        candidates = candidates.filter(
            Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__icontains=word)
        )
    found = candidates.select_related("location").order_by("name_key", "pk")[:OFFERED]
    rows = [{"key": one.pk, "name": one.name, "sub": one.email, "now": one.location} for one in found]
    return _assign_dialog(request, location, rows, query, people=True)


@console_view
@dialog_methods
def assign_devices(request: ConsoleRequest, location_id: int) -> HttpResponse:
    """Devices of the location's organization or below are chosen and stand there."""
    location = _seen_for(ORG_DEVICES_EDIT, request, location_id)
    candidates = GATE.within_reach(
        Device.objects.filter(path__startswith=location.path, state__lt=DeviceState.DELETED),
        actor=request.actor,
        permission=ORG_DEVICES_EDIT,
    ).exclude(location=location)
    if request.method == "POST":
        return _assigned(request, location, EditDevice, EditDeviceInput(location_id=location.pk))
    query = typed(request.GET, "find")
    for word in query.split():
        candidates = candidates.filter(Q(name__icontains=word) | Q(serial__icontains=word))
    found = candidates.select_related("location", "template").order_by("name", "pk")[:OFFERED]
    rows = [{"key": one.pk, "name": one.name, "sub": one.template.name, "now": one.location} for one in found]
    return _assign_dialog(request, location, rows, query, people=False)


@console_view
@require_POST
def remove_person(request: ConsoleRequest, location_id: int, user_id: int) -> HttpResponse:
    """The person belongs to no location."""
    data = AssignLocationInput(location_id=None)
    outcome = perform(AssignLocation, actor=request.actor, target_id=user_id, data=data)
    text = _("%(name)s is no longer assigned.") % {"name": outcome.target}
    return place_done(request, text, reverse("places:detail", args=[location_id]))


@console_view
@require_POST
def remove_device(request: ConsoleRequest, location_id: int, device_id: int) -> HttpResponse:
    """The device has no location."""
    data = EditDeviceInput(location_id=None)
    outcome = perform(EditDevice, actor=request.actor, target_id=device_id, data=data)
    text = _("%(name)s is no longer assigned.") % {"name": outcome.target}
    return place_done(request, text, reverse("places:detail", args=[location_id]))


def _assign_dialog(
    request: ConsoleRequest, location: Location, rows: list[dict[str, Any]], query: str, *, people: bool
) -> HttpResponse:
    context = {
        "location": location,
        "rows": rows,
        "query": query,
        "people": people,
        "more": len(rows) == OFFERED,
        "action": request.path,
        "button": _("Assign"),
    }
    page = "devices/place_assign.html"
    return render(request, f"{page}#choices" if request.htmx.target == "choices" else page, context)


def _assigned(request: ConsoleRequest, location: Location, action: type[Action[Any, Any]], data: Any) -> HttpResponse:
    """Each of the chosen is assigned, with an entry of its own in one batch; what was refused is told."""
    given = request.POST.getlist("key")[:MOST_AT_ONCE]
    keys = [int(key) for key in given if key.isascii() and key.isdigit() and len(key) < 19]
    actor, assigned, refused = request.actor.in_batch(uuid.uuid4()), 0, ""
    for key in dict.fromkeys(keys):
        try:
            perform(action, actor=actor, target_id=key, data=data)
        except ActionError as error:
            refused = sentence_for(error)
        else:
            assigned += 1
    text = ngettext("%(number)s assigned to %(place)s.", "%(number)s assigned to %(place)s.", assigned) % {
        "number": assigned,
        "place": location.name,
    }
    return place_done(request, f"{text} {refused}".strip(), reverse("places:detail", args=[location.pk]))


def _seen_for(permission: Any, request: ConsoleRequest, location_id: int) -> Location:
    """The location, where the viewer holds the right; those who see it only are refused."""
    location = location_seen(request, location_id)
    decision = GATE.decide(request.actor, permission, location)
    if not decision.allowed:
        raise Denied(decision.reason)
    return location
