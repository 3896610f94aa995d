"""One row of the Information tab as a form, where it stands; without scripts, on the page itself."""

import json
from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fleetfolk.access.grants import grants_of
from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.kernel.action import Action
from fleetfolk.organizations import field_values
from fleetfolk.organizations.models import CustomField, FieldKind
from fleetfolk.organizations.queries import fields_for
from fleetfolk.users.actions.assign_role import AssignRole, AssignRoleInput
from fleetfolk.users.actions.edit_user import EditUser, EditUserInput
from fleetfolk.users.importing.names import clean_name
from fleetfolk.users.importing.problems import UnfitValue
from fleetfolk.users.models import User
from fleetfolk.users.permissions import EDIT_USERS
from fleetfolk.users.queries import giveable_roles, user_detail
from fleetfolk.users.web.dialogs import CHANGED, performed, person_for
from fleetfolk.users.web.forms import LocationField, NameField, RoleField, TimeZoneField
from fleetfolk.users.web.information import CUSTOM, field_row, information, label_of, row_of
from fleetfolk.users.web.phones import PhoneField
from fleetfolk.users.web.profile import profile_page

Step = tuple[type[Action[Any, Any]], int, Any]

IN_HEADER = frozenset({"name", "time_zone"})
"""Rows whose value stands in the page's header, too."""

HEADER_CHANGED = "profile:changed"
NICKNAME_LONGEST = 40


class NicknameField(forms.CharField):
    """What the person is called, in one line."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Nickname"),
            required=False,
            max_length=NICKNAME_LONGEST,
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        )

    def clean(self, value: object) -> str:
        """The cleaned name."""
        text = super().clean(value)
        try:
            return clean_name(text, limit=NICKNAME_LONGEST)
        except UnfitValue as error:
            raise ValidationError(error.sentence) from error


class OwnField(forms.Field):
    """A field of the organization's own, with the control that its kind needs."""

    def __init__(self, field: CustomField) -> None:
        self.field = field
        super().__init__(label=field.name, required=False, widget=_widget(field))

    def prepare_value(self, value: Any) -> Any:
        """A kept value is shown as it would be typed."""
        return field_values.as_typed(value)

    def clean(self, value: Any) -> field_values.Value:
        """The value that is kept."""
        try:
            return field_values.clean_value(self.field, str(value or ""))
        except field_values.UnfitValue as error:
            raise ValidationError(error.sentence) from error


def _widget(field: CustomField) -> forms.Widget:
    none = [] if field.required else [("", _("Not set"))]
    plain = {"autocomplete": "off"}
    match FieldKind(field.kind):
        case FieldKind.CHOICE:
            return forms.Select(choices=[*none, *((choice, choice) for choice in field.choices)])
        case FieldKind.SWITCH:
            return forms.Select(choices=[*none, ("yes", _("Yes")), ("no", _("No"))])
        case FieldKind.DATE:
            return forms.TextInput(attrs={"type": "date", **plain})
        case FieldKind.NUMBER:
            return forms.TextInput(attrs={"inputmode": "decimal", "maxlength": 40, **plain})
        case FieldKind.LINK:
            longest = field_values.LONGEST_LINK
            return forms.TextInput(attrs={"type": "url", "maxlength": longest, "placeholder": "https://", **plain})
        case FieldKind.TEXT:
            return forms.TextInput(attrs={"maxlength": field_values.LONGEST_TEXT, **plain})


def _language(person: User, request: ConsoleRequest) -> tuple[forms.Field, Any]:
    spoken = [("", _("As the browser")), *settings.LANGUAGES]
    return forms.ChoiceField(choices=spoken, required=False), person.language


def _time_zone(person: User, request: ConsoleRequest) -> tuple[forms.Field, Any]:
    return TimeZoneField(organization=person.organization, present=person.time_zone), person.time_zone


def _role(person: User, request: ConsoleRequest) -> tuple[forms.Field, Any]:
    return RoleField(roles=giveable_roles(request.actor, EDIT_USERS, person.organization)), person.role_id


_FIELDS: dict[str, Callable[[User, ConsoleRequest], tuple[forms.Field, Any]]] = {
    "nickname": lambda person, _: (NicknameField(), person.nickname),
    "phone": lambda person, _: (PhoneField(organization=person.organization), person.phone),
    "location": lambda person, _: (LocationField(organization=person.organization), person.location_id or ""),
    "time_zone": _time_zone,
    "language": _language,
    "role": _role,
}
"""The control of each row that has one, and what stands in it."""


class RowForm(forms.Form):
    """One row; its control is called ``value``, but for the name, which has two halves."""

    def __init__(self, data: Any, *, slug: str, person: User, request: ConsoleRequest) -> None:
        super().__init__(data)
        self.slug, self.person = slug, person
        self.own_field: CustomField | None = None
        for name, (field, initial) in self._fields(request).items():
            self.fields[name] = field
            self.initial[name] = initial

    def _fields(self, request: ConsoleRequest) -> dict[str, tuple[forms.Field, Any]]:
        person = self.person
        if self.slug == "name":
            return {
                "first_name": (NameField(label=gettext_lazy("First name")), person.first_name),
                "last_name": (NameField(label=gettext_lazy("Last name")), person.last_name),
            }
        if self.slug.startswith(CUSTOM):
            self.own_field = _own_field(self.slug, person)
            return {"value": (OwnField(self.own_field), person.custom.get(str(self.own_field.pk)))}
        if self.slug not in _FIELDS:
            raise Http404
        return {"value": _FIELDS[self.slug](person, request)}

    def clean(self) -> dict[str, Any]:
        """At least half a name."""
        cleaned = super().clean() or self.cleaned_data
        if self.slug == "name" and not self.errors and not any(cleaned.values()):
            self.add_error("first_name", _("Give a first name, a last name or both."))
        return cleaned

    @property
    def label(self) -> str:
        """What the row is called."""
        return self.own_field.name if self.own_field else label_of(self.slug, self.person)

    def step(self) -> Step:
        """The Action that saves the row, and nothing else of the person."""
        values, key = self.cleaned_data, self.person.pk
        if self.own_field:
            return EditUser, key, EditUserInput(custom={self.own_field.pk: values["value"]})
        if self.slug == "role":
            return AssignRole, key, AssignRoleInput(role_id=values["value"])
        if self.slug == "location":
            return EditUser, key, EditUserInput(location_id=values["value"])
        return EditUser, key, EditUserInput(**(values if self.slug == "name" else {self.slug: values["value"]}))

    def row(self, person: User) -> Any:
        """The row as it is read."""
        if self.own_field:
            return field_row(self.own_field, person, may=True)
        return row_of(self.slug, person, may=True)


def _own_field(slug: str, person: User) -> CustomField:
    for field in fields_for(person.organization):
        if slug == f"{CUSTOM}{field.pk}":
            return field
    raise Http404


@console_view
@dialog_methods
def edit_field(request: ConsoleRequest, user_id: int, field: str) -> HttpResponse:
    """The row as a form; saved, the row again. ``?cancel`` answers with the row as it is."""
    person = person_for("users:edit", request, user_id)
    form = RowForm(request.POST if request.method == "POST" else None, slug=field, person=person, request=request)
    if request.method != "POST" and "cancel" in request.GET:
        return _row(request, form, person)
    first = next(iter(form.fields))
    if form.is_valid() and performed(form, [form.step()], request, field=first):
        saved = _("%(field)s is saved.") % {"field": form.label}
        if not request.htmx:
            return done(request, toast=saved, to=reverse("users:detail", args=[person.pk]))
        return _row(request, form, user_detail(request.actor, user_id), said=saved)
    status = 422 if form.is_bound else 200
    editing = {"form": form, "row": form.row(person), "action": request.path}
    if request.htmx:
        context = {"editing": editing, "person": person}
        answer = render(request, "users/tabs/information.html#editing", context, status=status)
        return _where_it_stands(request, answer, form, person)
    body = information(request, person, editing=editing).content.decode()
    return profile_page(request, person, "information", body=body, grants=grants_of(request.actor), status=status)


def _row(request: ConsoleRequest, form: RowForm, person: User, *, said: str = "") -> HttpResponse:
    if not request.htmx:
        return HttpResponseRedirect(reverse("users:detail", args=[person.pk]))
    answer = render(request, "users/tabs/information.html#row", {"row": form.row(person), "focus": True})
    answer = _where_it_stands(request, answer, form, person)
    if said:
        events: dict[str, object] = {"announce": {"text": said}}
        if form.slug == "role":
            events[CHANGED] = True
        elif form.slug in IN_HEADER:
            events[HEADER_CHANGED] = True
        answer["HX-Trigger-After-Settle"] = json.dumps(events)
    return answer


def _where_it_stands(request: ConsoleRequest, answer: HttpResponse, form: RowForm, person: User) -> HttpResponse:
    """The row goes back to its place where a dialog asked meanwhile who it is."""
    if request.htmx.target == "dialog-host":
        answer["HX-Retarget"], answer["HX-Reswap"] = f"#{form.row(person).id}", "outerHTML"
        answer["HX-Trigger"] = json.dumps({"dialog:close": True})
    return answer
