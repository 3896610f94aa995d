"""What is done with locations: added, edited, deleted, and the word for them chosen."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from fleetfolk.access.gate import GATE
from fleetfolk.access.place import organization_now
from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.devices.web.located import devices_at, people_at, place_done, words_for
from fleetfolk.devices.web.place_forms import LocationForm, WordForm
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
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
from fleetfolk.organizations.models import Location, LocationWord, Organization
from fleetfolk.organizations.queries import location_word_of


@console_view
@dialog_methods
def create_place(request: ConsoleRequest) -> HttpResponse:
    """One more location of the viewer's own organization."""
    home = organization_now(request)
    _require(CreateLocation, request, home, home.pk)
    form, words = LocationForm(request.POST if request.method == "POST" else None), words_for(request)
    if form.is_valid() and _performed(form, request, CreateLocation, home.pk, CreateLocationInput(**form.cleaned_data)):
        return place_done(
            request, _("“%(name)s” is there.") % {"name": form.cleaned_data["name"]}, reverse("places:list")
        )
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
        return place_done(request, _("“%(name)s” is saved.") % {"name": form.cleaned_data["name"]}, to)
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
        return place_done(request, _("“%(name)s” is deleted.") % {"name": location.name}, url)
    context = {
        "location": location,
        "people": people_at(location).count(),
        "devices": devices_at(location).count(),
        "action": request.path,
        "button": _("Delete it"),
        "danger": True,
    }
    return render(request, "devices/place_delete.html", context)


@console_view
@dialog_methods
def choose_word(request: ConsoleRequest) -> HttpResponse:
    """What the viewer's own organization calls its locations."""
    home = organization_now(request)
    _require(EditLocationWord, request, home, home.pk)
    above = None if home.parent is None else location_word_of(home.parent)
    form = WordForm(request.POST if request.method == "POST" else None, present=home.location_word, above=above)
    if form.is_valid():
        word = LocationWord(form.cleaned_data["word"]) if form.cleaned_data["word"] else None
        perform(EditLocationWord, actor=request.actor, target_id=home.pk, data=EditLocationWordInput(word=word))
        url = reverse("places:list")
        if request.htmx:
            return HttpResponse(status=204, headers={"HX-Redirect": url})
        return place_done(request, _("The word is chosen."), url)
    context = {"form": form, "home": home, "action": request.path, "button": _("Save")}
    return render(request, "devices/place_word.html", context, status=422 if form.is_bound else 200)


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


def _performed(form: Any, request: ConsoleRequest, action: type[Action[Any, Any]], key: int, data: Any) -> bool:
    try:
        perform(action, actor=request.actor, target_id=key, data=data)
    except Refused as refusal:
        form.add_error("name" if refusal.reason.startswith("location_name") else None, sentence_for(refusal))
        return False
    return True
