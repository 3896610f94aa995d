"""The fields that an organization keeps about people: their list, and a dialog for each."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from fleetfolk.access.gate import GATE
from fleetfolk.console.as_shown import StillAsShown
from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.organizations.actions import (
    ArchiveField,
    ArchiveFieldInput,
    CreateField,
    CreateFieldInput,
    EditField,
    EditFieldInput,
)
from fleetfolk.organizations.actions.create_field import WORDS
from fleetfolk.organizations.models import CustomField, FieldKind, Organization
from fleetfolk.organizations.permissions import ACCESS_SETTINGS
from fleetfolk.organizations.queries import fields_for
from fleetfolk.users.importing.names import clean_name
from fleetfolk.users.importing.problems import UnfitValue
from fleetfolk.users.web.settings_pages import address_of, frame_of, home_of

CHANGED = "fields:changed"


class FieldForm(StillAsShown):
    """What a field is called, what it holds, whether it must be set, and whether searches look into it."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Give the field a name.")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("Holds"), choices=FieldKind.choices, initial=FieldKind.TEXT)
    choices = forms.CharField(
        label=gettext_lazy("Entries of the list"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        help_text=gettext_lazy("One a line. Only for a field that holds one of a list."),
    )
    required = forms.BooleanField(
        label=gettext_lazy("Must be set"),
        required=False,
        help_text=gettext_lazy("Pages say where it is missing, and it cannot be emptied."),
    )

    searchable = forms.BooleanField(
        label=gettext_lazy("Found by search"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Whoever may see the person finds them by what this field says."),
    )

    def __init__(self, data: Any = None, *, field: CustomField | None = None) -> None:
        super().__init__(data)
        self.field = field
        if field is None:
            return
        self.edits = True
        self.initial = {
            "name": field.name,
            "choices": "\n".join(field.choices),
            "required": field.required,
            "searchable": field.searchable,
        }
        del self.fields["kind"]
        if field.kind == FieldKind.SWITCH:
            del self.fields["searchable"]
        if field.kind != FieldKind.CHOICE:
            del self.fields["choices"]

    def clean_name(self) -> str:
        """The name in one line, without what cannot be seen."""
        try:
            return clean_name(self.cleaned_data["name"], limit=40)
        except UnfitValue as error:
            raise ValidationError(error.sentence) from error

    def clean_choices(self) -> tuple[str, ...]:
        """The entries, each in one line."""
        lines = (" ".join(line.split()) for line in self.cleaned_data["choices"].splitlines())
        return tuple(line for line in lines if line)

    def to_create(self) -> CreateFieldInput:
        """The new field as the Action takes it."""
        said = self.cleaned_data
        kind = FieldKind(said["kind"])
        choices = said["choices"] if kind == FieldKind.CHOICE else ()
        return CreateFieldInput(
            name=said["name"],
            kind=kind,
            choices=choices,
            required=said["required"],
            searchable=said["searchable"] if kind in WORDS else None,
        )

    def to_edit(self) -> EditFieldInput:
        """The changed field as the Action takes it."""
        said = self.cleaned_data
        return EditFieldInput(
            name=said["name"],
            choices=said.get("choices", ()),
            required=said["required"],
            searchable=said.get("searchable"),
        )


@console_view
@require_safe
def fields(request: ConsoleRequest, organization_id: int | None = None) -> HttpResponse:
    """The fields that people of an organization have."""
    home = home_of(request, organization_id)
    context = {"fields": fields_for(home), **frame_of(request, home, "fields")}
    return render(request, "users/fields.html", context)


@console_view
@dialog_methods
def create_field(request: ConsoleRequest, organization_id: int | None = None) -> HttpResponse:
    """One more field."""
    home = home_of(request, organization_id, action=CreateField)
    form = FieldForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _performed(form, request, CreateField, home.pk, form.to_create()):
        return _done(request, home, _("The field “%(name)s” is there."), form.cleaned_data["name"])
    context = {"form": form, "action": request.path, "button": _("Create the field")}
    return render(request, "users/field.html", context, status=422 if form.is_bound else 200)


@console_view
@dialog_methods
def edit_field(request: ConsoleRequest, field_id: int) -> HttpResponse:
    """Another name, list or duty."""
    field = _field_for(EditField, request, field_id)
    form = FieldForm(request.POST if request.method == "POST" else None, field=field)
    if form.is_valid() and _performed(form, request, EditField, field_id, form.to_edit()):
        return _done(request, field.organization, _("The field “%(name)s” is saved."), form.cleaned_data["name"])
    context = {"form": form, "field": field, "action": request.path, "button": _("Save")}
    return render(request, "users/field.html", context, status=422 if form.is_bound else 200)


@console_view
@dialog_methods
def archive_field(request: ConsoleRequest, field_id: int) -> HttpResponse:
    """The field is not shown any more; GET asks."""
    field = _field_for(ArchiveField, request, field_id)
    if request.method == "POST":
        perform(ArchiveField, actor=request.actor, target_id=field_id, data=ArchiveFieldInput())
        return _done(request, field.organization, _("The field “%(name)s” is archived."), field.name)
    context = {"field": field, "action": request.path, "button": _("Archive the field")}
    return render(request, "users/field_archive.html", context)


def _field_for(action: type[Action[Any, Any]], request: ConsoleRequest, field_id: int) -> CustomField:
    """The field, where the viewer may do this to it. A POST by who may not goes to the Action, which logs it."""
    known = CustomField.objects.select_related("organization").filter(tenant_id=request.actor.tenant_id)
    field = known.filter(pk=field_id, retired_at=None).first()
    decision = None if field is None else GATE.decide(request.actor, ACCESS_SETTINGS, field)
    if field is not None and decision is not None and decision.allowed:
        return field
    if request.method == "POST":
        perform(action, actor=request.actor, target_id=field_id, data=None)
    if decision is not None and decision.visible:
        raise Denied(decision.reason)
    raise TargetNotFound


def _performed(form: FieldForm, request: ConsoleRequest, action: type[Action[Any, Any]], key: int, data: Any) -> bool:
    """Whether it was done. A refusal stands in the form."""
    try:
        perform(action, actor=request.actor, target_id=key, data=data)
    except Refused as refusal:
        about = {"field_name_taken": "name", "field_choices": "choices"}.get(refusal.reason)
        form.add_error(about if about in form.fields else None, sentence_for(refusal))
        return False
    return True


def _done(request: ConsoleRequest, home: Organization, text: str, name: str) -> HttpResponse:
    return done(request, toast=text % {"name": name}, to=address_of(request, home, "settings:fields"), changed=CHANGED)
