"""Datastreams, metadata fields and events of a template: added, changed and deleted in dialogs of one shape."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.devices.actions.create_datastream import CreateDatastream, DatastreamInput, first_free
from fleetfolk.devices.actions.create_event_kind import CreateEventKind, EventKindInput
from fleetfolk.devices.actions.create_metadata_field import CreateMetadataField, MetadataFieldInput
from fleetfolk.devices.actions.delete_datastream import DeleteDatastream
from fleetfolk.devices.actions.delete_event_kind import DeleteEventKind
from fleetfolk.devices.actions.delete_metadata_field import DeleteMetadataField
from fleetfolk.devices.actions.edit_datastream import EditDatastream
from fleetfolk.devices.actions.edit_event_kind import EditEventKind
from fleetfolk.devices.actions.edit_metadata_field import EditMetadataField
from fleetfolk.devices.models import Datastream, Event, EventKind, MetadataField, Template
from fleetfolk.devices.template_parts import EventFacts, FieldFacts, StreamFacts
from fleetfolk.devices.template_queries import devices_keeping, devices_reporting
from fleetfolk.devices.web.template_dialogs import CHANGED, WordForm, editable, performed
from fleetfolk.devices.web.template_forms import EventForm, FactsForm, MetadataForm, StreamForm
from fleetfolk.devices.web.template_pages import template_for
from fleetfolk.kernel.action import Action
from fleetfolk.users.actions.no_input import NoInput

type AnyAction = type[Action[Any, Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class PartKind:
    """One kind of part: its tab and dialogs, what is typed about it, its Actions, and what hangs on it."""

    tab: str
    page: str
    model: type[Any]
    form: Callable[..., FactsForm]
    facts: Any
    data: Callable[..., Any]
    create: AnyAction
    edit: AnyAction
    delete: AnyAction
    kept: Callable[[Any], int]
    add_label: StrPromise
    delete_label: StrPromise
    added: StrPromise
    saved: StrPromise
    deleted: StrPromise
    wide: bool = False


def _events_of(kind: EventKind) -> int:
    return Event.objects.filter(kind=kind).count()


DATASTREAM = PartKind(
    tab="datastreams",
    page="devices/template_datastream.html",
    model=Datastream,
    form=StreamForm,
    facts=StreamFacts,
    data=DatastreamInput,
    create=CreateDatastream,
    edit=EditDatastream,
    delete=DeleteDatastream,
    kept=devices_reporting,
    add_label=_("Add the datastream"),
    delete_label=_("Delete the datastream"),
    added=_("The datastream “%(name)s” is there."),
    saved=_("The datastream “%(name)s” is saved."),
    deleted=_("The datastream “%(name)s” is deleted."),
    wide=True,
)
METADATA = PartKind(
    tab="metadata",
    page="devices/template_field.html",
    model=MetadataField,
    form=MetadataForm,
    facts=FieldFacts,
    data=MetadataFieldInput,
    create=CreateMetadataField,
    edit=EditMetadataField,
    delete=DeleteMetadataField,
    kept=devices_keeping,
    add_label=_("Add the field"),
    delete_label=_("Delete the field"),
    added=_("The field “%(name)s” is there."),
    saved=_("The field “%(name)s” is saved."),
    deleted=_("The field “%(name)s” is deleted."),
)
EVENT = PartKind(
    tab="events",
    page="devices/template_event.html",
    model=EventKind,
    form=EventForm,
    facts=EventFacts,
    data=EventKindInput,
    create=CreateEventKind,
    edit=EditEventKind,
    delete=DeleteEventKind,
    kept=_events_of,
    add_label=_("Add the event"),
    delete_label=_("Delete the event"),
    added=_("The event “%(name)s” is there."),
    saved=_("The event “%(name)s” is saved."),
    deleted=_("The event “%(name)s” is deleted."),
)


@console_view
@dialog_methods
def add_part(request: ConsoleRequest, template_id: int, part: PartKind) -> HttpResponse:
    """One more part."""
    found = Template.objects.filter(tenant_id=request.actor.tenant_id, pk=template_id).first()
    editable(part.create, request, found, key=template_id)
    template = template_for(request, template_id)
    form = part.form(request.POST if request.method == "POST" else None, **_first(part, template))
    if form.is_valid() and performed(form, request, part.create, template_id, part.data(facts=form.facts())):
        return _done(request, part, template, part.added, form.text("name"))
    return _dialog(request, part, template, form, button=part.add_label)


@console_view
@dialog_methods
def edit_part(request: ConsoleRequest, part_id: int, part: PartKind) -> HttpResponse:
    """The part is something else from now on."""
    row = _row(request, part, part.edit, part_id)
    form = part.form(request.POST if request.method == "POST" else None, facts=part.facts.of(row))
    if form.is_valid() and performed(form, request, part.edit, part_id, part.data(facts=form.facts())):
        return _done(request, part, row.template, part.saved, form.text("name"))
    return _dialog(request, part, row.template, form, button=_("Save"), row=row)


@console_view
@dialog_methods
def delete_part(request: ConsoleRequest, part_id: int, part: PartKind) -> HttpResponse:
    """The part is gone; GET says what goes with it."""
    row = _row(request, part, part.delete, part_id)
    form = WordForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and performed(form, request, part.delete, part_id, NoInput()):
        return _done(request, part, row.template, part.deleted, row.name)
    context = {
        "row": row,
        "tab": part.tab,
        "count": part.kept(row),
        "form": form,
        "action": request.path,
        "button": part.delete_label,
        "danger": True,
    }
    return render(request, "devices/template_part_delete.html", context, status=422 if form.is_bound else 200)


def _row(request: ConsoleRequest, part: PartKind, action: AnyAction, part_id: int) -> Any:
    known = part.model.objects.select_related("template", "tenant").filter(tenant_id=request.actor.tenant_id)
    row = known.filter(pk=part_id).first()
    editable(action, request, row, key=part_id)
    return row


def _first(part: PartKind, template: Template) -> dict[str, int]:
    """What a new part begins with."""
    if part is not DATASTREAM:
        return {}
    return {"pin": first_free(set(template.datastreams.values_list("pin", flat=True)))}


def _dialog(
    request: ConsoleRequest, part: PartKind, template: Template, form: FactsForm, *, button: Any, row: Any = None
) -> HttpResponse:
    context = {
        "form": form,
        "template": template,
        "row": row,
        "kept": part.kept(row) if row is not None else 0,
        "action": request.path,
        "button": button,
        "wide": part.wide,
    }
    return render(request, part.page, context, status=422 if form.is_bound else 200)


def _done(request: ConsoleRequest, part: PartKind, template: Template, text: Any, name: str) -> HttpResponse:
    to = reverse(f"templates:{part.tab}", args=[template.pk])
    return done(request, toast=str(text) % {"name": name}, to=to, changed=CHANGED)
