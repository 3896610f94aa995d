"""Locations: the list, one with its people, devices and map, and what is done with them.

The organization chooses the word that people read: location, job site or facility.
"""

import uuid
from typing import Any, cast
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from fleetfolk.access.gate import GATE, Grant, grants_of
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.console.navigation import name_page
from fleetfolk.devices.actions.edit_device import EditDevice, EditDeviceInput
from fleetfolk.devices.listing import status_of
from fleetfolk.devices.models import Device
from fleetfolk.devices.permissions import ORG_DEVICES_EDIT, ORG_DEVICES_VIEW
from fleetfolk.devices.web.place_forms import LocationForm, WordForm
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import ActionError, Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.organizations.actions import (
    CreateLocation,
    CreateLocationInput,
    DeleteLocation,
    DeleteLocationInput,
    EditLocation,
    EditLocationInput,
    EditLocationWord,
    EditLocationWordInput,
)
from fleetfolk.organizations.location_words import Words
from fleetfolk.organizations.models import Location, LocationWord, Organization
from fleetfolk.organizations.permissions import (
    ACCESS_SETTINGS,
    ASSIGN_LOCATIONS,
    CREATE_LOCATIONS,
    DELETE_LOCATIONS,
    EDIT_LOCATIONS,
    VIEW_LOCATIONS,
)
from fleetfolk.organizations.queries import location_word_of
from fleetfolk.users.actions.assign_location import AssignLocation, AssignLocationInput
from fleetfolk.users.models import State, User
from fleetfolk.users.permissions import VIEW_USERS
from fleetfolk.users.signed_in import location_words_for
from fleetfolk.users.web.dialogs import dialog_methods

SIZE = 50
SHOWN = 100
OFFERED = 30
MOST_AT_ONCE = 200
MOST_ON_MAP = 500
LONGEST_QUERY = 120
CHANGED = "places:changed"

name_page("places:list", lambda request: words_for(cast("ConsoleRequest", request)).many)


def words_for(request: ConsoleRequest) -> Words:
    """The words of the viewer's own organization."""
    return location_words_for(cast("User", request.user))


@console_view
@require_safe
def place_list(request: ConsoleRequest) -> HttpResponse:
    """The locations that the viewer may see, by name, with a map of those that have coordinates."""
    grants = grants_of(request.actor)
    seen = _seen(request, grants)
    query = " ".join(request.GET.get("q", "")[:LONGEST_QUERY].replace("\0", "").split())
    found = seen
    for word in query.split():
        found = found.filter(
            Q(name__icontains=word) | Q(address__icontains=word) | Q(organization__name__icontains=word)
        )
    after = _key(request.GET.get("after", ""))
    onwards = found.filter(Q(name__gt=after[0]) | Q(name=after[0], pk__gt=after[1])) if after else found
    page = list(onwards.select_related("organization").order_by("name", "pk")[: SIZE + 1])
    rows, more = page[:SIZE], len(page) > SIZE
    keys = [row.pk for row in rows]
    sees_people = any(VIEW_USERS.code in grant.permissions for grant in grants)
    sees_devices = any(ORG_DEVICES_VIEW.code in grant.permissions for grant in grants)
    people = _counts(User, keys, state__lt=State.DEACTIVATED) if sees_people else {}
    devices = _counts(Device, keys, deleted_at=None) if sees_devices else {}
    total = found.count()
    home = cast("User", request.user).organization
    context = {
        "words": words_for(request),
        "rows": [{"location": row, "people": people.get(row.pk, 0), "devices": devices.get(row.pk, 0)} for row in rows],
        "places": found.exclude(latitude=None).select_related("organization").order_by("name", "pk")[:MOST_ON_MAP],
        "query": query,
        "any": total > 0 or seen.exists(),
        "matches": number_format(total, force_grouping=True),
        "next_url": _url(query, f"{rows[-1].pk}~{rows[-1].name}") if more else None,
        "first_url": _url(query, "") if after else None,
        "may_create": GATE.decide(request.actor, CREATE_LOCATIONS, home, grants).allowed,
        "may_choose": GATE.decide(request.actor, ACCESS_SETTINGS, home, grants).allowed,
    }
    return render(request, f"{LIST}#places" if request.htmx.target == "places" else LIST, context)


LIST = "devices/place_list.html"


@console_view
@require_safe
def place_page(request: ConsoleRequest, location_id: int) -> HttpResponse:
    """One location: where it is, who belongs to it and which devices are there, as far as the viewer sees those."""
    grants = grants_of(request.actor)
    location = _location(request, location_id, grants)
    people = GATE.within_reach(_people(location), actor=request.actor, permission=VIEW_USERS, grants=grants)
    devices = GATE.within_reach(_devices(location), actor=request.actor, permission=ORG_DEVICES_VIEW, grants=grants)
    may = {
        name: GATE.decide(request.actor, permission, location, grants).allowed
        for name, permission in (("edit", EDIT_LOCATIONS), ("delete", DELETE_LOCATIONS), ("assign", ASSIGN_LOCATIONS))
    }
    people_count, device_count = people.count(), devices.count()
    context = {
        "words": words_for(request),
        "location": location,
        "people": people.select_related("role").order_by("name_key", "pk")[:SHOWN],
        "people_count": people_count,
        "more_people": people_count - SHOWN if people_count > SHOWN else 0,
        "devices": [_row(device) for device in devices.select_related("template", "reported").order_by("name")[:SHOWN]],
        "device_count": device_count,
        "more_devices": device_count - SHOWN if device_count > SHOWN else 0,
        "may": may,
        "may_devices": GATE.decide(request.actor, ORG_DEVICES_EDIT, location, grants).allowed,
    }
    return render(request, "devices/place.html", context)


def _row(device: Device) -> dict[str, Any]:
    reported = getattr(device, "reported", None)
    return {
        "device": device,
        "status": status_of(device.state, online=bool(reported and reported.online)),
        "reported_at": reported.reported_at if reported else None,
    }


@console_view
@dialog_methods
def create_place(request: ConsoleRequest) -> HttpResponse:
    """One more location of the viewer's own organization."""
    home = cast("User", request.user).organization
    _require(CreateLocation, request, home, home.pk)
    form, words = (
        LocationForm(request.POST if request.method == "POST" else None),
        words_for(request),
    )
    if form.is_valid() and _performed(form, request, CreateLocation, home.pk, CreateLocationInput(**form.cleaned_data)):
        return _done(request, _("“%(name)s” is there.") % {"name": form.cleaned_data["name"]}, reverse("places:list"))
    context = {"form": form, "words": words, "action": request.path, "button": _("Add it")}
    return render(request, "devices/place_edit.html", context, status=422 if form.is_bound else 200)


@console_view
@dialog_methods
def edit_place(request: ConsoleRequest, location_id: int) -> HttpResponse:
    """Another name, address or place on the map."""
    location = _target(EditLocation, request, location_id)
    form = LocationForm(request.POST if request.method == "POST" else None, location=location)
    if form.is_valid() and _performed(form, request, EditLocation, location.pk, EditLocationInput(**form.cleaned_data)):
        to = reverse("places:detail", args=[location.pk])
        return _done(request, _("“%(name)s” is saved.") % {"name": form.cleaned_data["name"]}, to)
    context = {
        "form": form,
        "location": location,
        "words": words_for(request),
        "action": request.path,
        "button": _("Save"),
    }
    return render(request, "devices/place_edit.html", context, status=422 if form.is_bound else 200)


@console_view
@dialog_methods
def delete_place(request: ConsoleRequest, location_id: int) -> HttpResponse:
    """The location is gone; GET says what becomes of those assigned."""
    location = _target(DeleteLocation, request, location_id)
    if request.method == "POST":
        perform(DeleteLocation, actor=request.actor, target_id=location_id, data=DeleteLocationInput())
        url = reverse("places:list")
        if request.htmx:
            return HttpResponse(status=204, headers={"HX-Redirect": url})
        return _done(request, _("“%(name)s” is deleted.") % {"name": location.name}, url)
    context = {
        "location": location,
        "people": _people(location).count(),
        "devices": _devices(location).count(),
        "action": request.path,
        "button": _("Delete it"),
        "danger": True,
    }
    return render(request, "devices/place_delete.html", context)


@console_view
@dialog_methods
def choose_word(request: ConsoleRequest) -> HttpResponse:
    """What the viewer's own organization calls its locations."""
    home = cast("User", request.user).organization
    _require(EditLocationWord, request, home, home.pk)
    above = None if home.parent is None else location_word_of(home.parent)
    form = WordForm(request.POST if request.method == "POST" else None, present=home.location_word, above=above)
    if form.is_valid():
        word = LocationWord(form.cleaned_data["word"]) if form.cleaned_data["word"] else None
        perform(EditLocationWord, actor=request.actor, target_id=home.pk, data=EditLocationWordInput(word=word))
        url = reverse("places:list")
        if request.htmx:
            return HttpResponse(status=204, headers={"HX-Redirect": url})
        return _done(request, _("The word is chosen."), url)
    context = {"form": form, "home": home, "action": request.path, "button": _("Save")}
    return render(request, "devices/place_word.html", context, status=422 if form.is_bound else 200)


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
    query = " ".join(request.GET.get("find", "")[:LONGEST_QUERY].replace("\0", "").split())
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
        Device.objects.filter(path__startswith=location.path, deleted_at=None),
        actor=request.actor,
        permission=ORG_DEVICES_EDIT,
    ).exclude(location=location)
    if request.method == "POST":
        return _assigned(request, location, EditDevice, EditDeviceInput(location_id=location.pk))
    query = " ".join(request.GET.get("find", "")[:LONGEST_QUERY].replace("\0", "").split())
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
    return _done(request, text, reverse("places:detail", args=[location_id]))


@console_view
@require_POST
def remove_device(request: ConsoleRequest, location_id: int, device_id: int) -> HttpResponse:
    """The device has no location."""
    data = EditDeviceInput(location_id=None)
    outcome = perform(EditDevice, actor=request.actor, target_id=device_id, data=data)
    text = _("%(name)s is no longer assigned.") % {"name": outcome.target}
    return _done(request, text, reverse("places:detail", args=[location_id]))


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
    return _done(request, f"{text} {refused}".strip(), reverse("places:detail", args=[location.pk]))


def _seen(request: ConsoleRequest, grants: Any) -> QuerySet[Location]:
    """The locations that the viewer may see; refuses whoever may see none."""
    if not GATE.paths_within_reach(request.actor, VIEW_LOCATIONS, grants):
        raise Denied("permission_missing")
    return GATE.within_reach(Location.objects.all(), actor=request.actor, permission=VIEW_LOCATIONS, grants=grants)


def _location(request: ConsoleRequest, location_id: int, grants: list[Grant] | None = None) -> Location:
    within = GATE.within_reach(
        Location.objects.select_related("organization"),
        actor=request.actor,
        permission=VIEW_LOCATIONS,
        grants=grants,
    )
    found = within.filter(pk=location_id).first()
    if found is None:
        raise TargetNotFound
    return found


def _seen_for(permission: Any, request: ConsoleRequest, location_id: int) -> Location:
    """The location, where the viewer holds the right; those who see it only are refused."""
    location = _location(request, location_id)
    decision = GATE.decide(request.actor, permission, location)
    if not decision.allowed:
        raise Denied(decision.reason)
    return location


def _target(action: type[Action[Any, Any]], request: ConsoleRequest, location_id: int) -> Location:
    """The location, where the viewer may do this to it."""
    known = Location.objects.select_related("organization").filter(tenant_id=request.actor.tenant_id, pk=location_id)
    location = known.first()
    _require(action, request, location, location_id)
    if location is None:
        raise TargetNotFound
    return location


def _require(action: type[Action[Any, Any]], request: ConsoleRequest, target: Any, key: int) -> None:
    """Returns where the viewer may do it. A POST by who may not goes to the Action, which logs it."""
    decision = None if target is None else GATE.decide(request.actor, action.permission, target)
    if decision is not None and decision.allowed:
        return
    own = isinstance(target, Organization)
    if request.method == "POST":
        try:
            perform(action, actor=request.actor, target_id=key, data=None)
        except TargetNotFound:
            if not own:
                raise
    if decision is not None and (decision.visible or own):
        raise Denied(decision.reason)
    raise TargetNotFound


def _people(location: Location) -> QuerySet[User]:
    return User.objects.filter(location=location, state__lt=State.DEACTIVATED)


def _devices(location: Location) -> QuerySet[Device]:
    return Device.objects.filter(location=location, deleted_at=None)


def _counts(model: type[Any], keys: list[int], **which: Any) -> dict[int, int]:
    rows = model.objects.filter(location__in=keys, **which).order_by()
    return dict(rows.values_list("location").annotate(number=Count("pk")))


def _performed(form: Any, request: ConsoleRequest, action: type[Action[Any, Any]], key: int, data: Any) -> bool:
    try:
        perform(action, actor=request.actor, target_id=key, data=data)
    except Refused as refusal:
        form.add_error("name" if refusal.reason.startswith("location_name") else None, sentence_for(refusal))
        return False
    return True


def _done(request: ConsoleRequest, text: str, to: str) -> HttpResponse:
    return done(request, toast=text, to=to, changed=CHANGED)


def _key(text: str) -> tuple[str, int] | None:
    """The name and the key after which a page begins."""
    key, _separator, name = text[:80].replace("\0", "").partition("~")
    return (name, int(key)) if key.isascii() and key.isdigit() and len(key) < 19 else None


def _url(query: str, after: str) -> str:
    asked = urlencode({key: value for key, value in (("q", query), ("after", after)) if value})
    return reverse("places:list") + (f"?{asked}" if asked else "")
