"""The settings of one's own organization, or of one below: its rules, and the fields that it keeps about people."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.db.models.functions import Length
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe
from django_stubs_ext import StrPromise

from fleetfolk.access.actions import EditRules, EditRulesInput
from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.access.place import organization_now
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.console.marking import words_of
from fleetfolk.console.typed import typed
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.permissions import Permission
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
from fleetfolk.organizations.models import AssistanceRule, CustomField, FieldKind, Organization
from fleetfolk.organizations.permissions import ACCESS_SETTINGS, EDIT_ORGANIZATIONS
from fleetfolk.organizations.queries import MESSAGE_CAP, fields_for, organizations_named, rules_above
from fleetfolk.users.importing.names import clean_name
from fleetfolk.users.importing.problems import UnfitValue
from fleetfolk.users.password_rules import LEAST
from fleetfolk.users.web.dialogs import dialog_methods

CHANGED = "fields:changed"
FOUND = 20
LONGEST_FIND = 80
ANY = "*"
"""What stands for every domain."""
_YES_NO = (("yes", gettext_lazy("On")), ("no", gettext_lazy("Off")))


@dataclass(frozen=True, kw_only=True, slots=True)
class SettingsPage:
    """A page of the settings that a package above has. ``address`` takes the organization, and if it is one's own.

    One that is ``only_top`` is of the whole tenant: it is among the tabs of the topmost organization alone.
    """

    slug: str
    label: StrPromise
    address: Callable[[Organization, bool], str]
    only_top: bool = False


_PAGES: list[SettingsPage] = []


def register_settings_page(page: SettingsPage) -> None:
    """The page is among the tabs, for whoever may change settings there."""
    _PAGES.append(page)


def home_of(
    request: ConsoleRequest,
    organization_id: int | None = None,
    *,
    action: type[Action[Any, Any]] | None = None,
    permission: Permission = ACCESS_SETTINGS,
) -> Organization:
    """The viewer's own organization, or the one of this key, where they may change its settings (or its tags).

    A POST by who may not goes to the ``action``, which logs it.
    """
    home: Organization | None = organization_now(request)
    if organization_id is not None and home is not None and organization_id != home.pk:
        home = Organization.objects.filter(tenant_id=request.actor.tenant_id, pk=organization_id).first()
    decision = None if home is None else GATE.decide(request.actor, permission, home)
    if home is not None and decision is not None and decision.allowed:
        return home
    if request.method == "POST" and action is not None and organization_id is not None:
        perform(action, actor=request.actor, target_id=organization_id, data=None)
    if decision is not None and (decision.visible or organization_id is None):
        raise Denied(decision.reason or "permission_missing")
    raise TargetNotFound


def address_of(request: ConsoleRequest, home: Organization, page: str) -> str:
    """A page of the settings of this organization; one's own have the short address."""
    own = home.pk == organization_now(request).pk
    return reverse(f"settings:{page}") if own else reverse(f"settings:{page}-of", args=[home.pk])


def frame_of(request: ConsoleRequest, home: Organization, page: str) -> dict[str, Any]:
    """What stands around each page of settings."""
    grants, own = grants_of(request.actor), organization_now(request)
    return {
        "may_settings": GATE.decide(request.actor, ACCESS_SETTINGS, home, grants).allowed,
        "may_tags": GATE.decide(request.actor, EDIT_ORGANIZATIONS, home, grants).allowed,
        "home": home,
        "page": page,
        "own_home": own,
        "rules_url": address_of(request, home, "rules"),
        "branding_url": address_of(request, home, "branding"),
        "fields_url": address_of(request, home, "fields"),
        "tags_url": address_of(request, home, "tags"),
        "create_url": address_of(request, home, "create-field"),
        "more_pages": [
            {"slug": one.slug, "label": one.label, "url": one.address(home, home.pk == own.pk)}
            for one in _PAGES
            if home.is_tenant or not one.only_top
        ],
        "has_others": _changeable(request).exclude(pk=home.pk).exists(),
    }


def _changeable(request: ConsoleRequest) -> QuerySet[Organization]:
    """The organizations whose settings the viewer may change."""
    return GATE.within_reach(Organization.objects.all(), actor=request.actor, permission=ACCESS_SETTINGS)


@console_view
@require_safe
def organizations(request: ConsoleRequest) -> HttpResponse:
    """Of which organization to see the settings: those whose name holds what was typed, else the first ones."""
    find = typed(request.GET, "find", longest=LONGEST_FIND)
    words = words_of(find)
    within = _changeable(request)
    if words:
        found = organizations_named(within, words, limit=FOUND)
    else:
        found = list(within.select_related("parent").order_by(Length("path"), "name", "pk")[:FOUND])
    if not found and not find:
        raise Denied("permission_missing")
    context = {
        "find": find,
        "found": [(one, address_of(request, one, "rules")) for one in found],
        "more": len(found) == FOUND,
    }
    part = request.htmx and request.htmx.target == "homes"
    return render(request, f"users/settings_of.html{'#homes' if part else ''}", context)


class RulesForm(forms.Form):
    """The rules, each said here or left to the organization above."""

    def __init__(self, data: Any = None, *, organization: Organization) -> None:
        super().__init__(data)
        above, root = rules_above(organization), organization.is_tenant
        self._add(
            "assistance",
            label=_("Remote assistance"),
            hint=_(
                "Whether support may look into a customer's own view. The customer always sees it, can end it, and "
                "reads afterwards what was looked at."
            ),
            choices=AssistanceRule.choices,
            above=None if root else AssistanceRule(above.assistance).label,
            present=organization.assistance_rule,
        )
        for name, label, hint in _SWITCHES:
            column = getattr(organization, f"{name}_rule")
            self._add(
                name,
                label=label,
                hint=hint,
                choices=_YES_NO,
                above=None if root else _("On") if getattr(above, name) else _("Off"),
                present=None if column is None else ("yes" if column else "no"),
            )
        self._add(
            "message_cap",
            label=_("Mails and pushes of messages"),
            hint=_("So many a person gets a day at most. Every message is in their inbox all the same."),
            choices=[(str(number), _a_day(number)) for number in _CAPS],
            above=None if root else _a_day(above.message_cap),
            present=None if organization.message_cap_rule is None else str(organization.message_cap_rule),
            unsaid=_a_day(MESSAGE_CAP),
        )
        self._add(
            "session_idle",
            label=_("Signed out when unused"),
            hint=_(
                "Whoever does nothing for so long signs in again, in every browser and telephone. A page that is only "
                "left open is not used."
            ),
            choices=[(str(minutes), _lasting(minutes)) for minutes in _with(_IDLE, organization.session_idle_rule)],
            above=None if root else _lasting(above.session_idle),
            present=_as_choice(organization.session_idle_rule),
            unsaid=_lasting(0),
        )
        self._add(
            "session_hours",
            label=_("Signed out in any case"),
            hint=_("So long after the sign-in, also whoever is at work. It holds for sessions that are open now, too."),
            choices=[(str(hours), _lasting(60 * hours)) for hours in _with(_HOURS, organization.session_hours_rule)],
            above=None if root else _lasting(60 * above.session_hours),
            present=_as_choice(organization.session_hours_rule),
            unsaid=_lasting(0),
        )
        self._add(
            "password_length",
            label=_("Shortest password"),
            hint=_(
                "Asked when a password is chosen or set; those of today stay. Common ones, and those like one's own "
                "name or address, are never taken."
            ),
            choices=[
                (str(least), _long(least)) for least in _with(_LENGTHS, organization.password_length_rule) if least
            ],
            above=None if root else _long(above.password_length),
            present=_as_choice(organization.password_length_rule or None),
            unsaid=_long(0),
        )
        said = organization.email_domains_rule
        self.fields["email_domains"] = forms.CharField(
            label=_("E-mail domains"),
            required=False,
            initial="" if said is None else ", ".join(said) or ANY,
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            help_text=_(
                "Only addresses of these domains, with commas between them, are invited, imported and changed to. A * "
                "allows any; empty is as above (now: %(domains)s)."
            )
            % {"domains": ", ".join(above.email_domains) or ANY},
        )
        self.order_fields(name for _title, names in _GROUPS for name in names)

    def groups(self) -> list[tuple[StrPromise, list[forms.BoundField]]]:
        """The rules under what they are about."""
        return [(title, [self[name] for name in names]) for title, names in _GROUPS]

    def clean_email_domains(self) -> tuple[str, ...] | None:
        """The domains that were named; None where nothing is said."""
        said = self.cleaned_data["email_domains"].lower().replace(",", " ").split()
        if not said:
            return None
        return () if said == [ANY] else tuple(dict.fromkeys(one.removeprefix("@") for one in said))

    def _add(
        self, name: str, *, label: Any, hint: Any, choices: Any, above: Any, present: str | None, unsaid: Any = None
    ) -> None:
        """``above`` is what holds where nothing is said here; None for the top, where that is ``unsaid``, or off."""
        if above is None:
            nothing = _("Not said (off)") if unsaid is None else _("Not said (%(rule)s)") % {"rule": unsaid}
        else:
            nothing = _("As the organization above (now: %(rule)s)") % {"rule": above}
        self.fields[name] = forms.ChoiceField(
            label=label, help_text=hint, required=False, choices=[("", nothing), *choices], initial=present or ""
        )

    def to_input(self) -> EditRulesInput:
        """The rules as the Action takes them."""
        said = self.cleaned_data
        return EditRulesInput(
            assistance=AssistanceRule(said["assistance"]) if said["assistance"] else None,
            second_factor=_said(said["second_factor"]),
            second_factor_staff=_said(said["second_factor_staff"]),
            gravatar=_said(said["gravatar"]),
            message_cap=int(said["message_cap"]) if said["message_cap"] else None,
            email_domains=said["email_domains"],
            session_idle=_number(said["session_idle"]),
            session_hours=_number(said["session_hours"]),
            password_length=_number(said["password_length"]),
            password_mixed=_said(said["password_mixed"]),
        )


_GROUPS: tuple[tuple[StrPromise, tuple[str, ...]], ...] = (
    (
        gettext_lazy("Security"),
        ("second_factor", "second_factor_staff", "session_idle", "session_hours", "password_length", "password_mixed"),
    ),
    (gettext_lazy("People"), ("email_domains", "gravatar", "message_cap")),
    (gettext_lazy("Support"), ("assistance",)),
)
_CAPS = (0, 1, 2, 3, 5, 10, 20)
_IDLE = (15, 30, 60, 4 * 60, 12 * 60, 24 * 60, 3 * 24 * 60, 7 * 24 * 60, 0)
_HOURS = (1, 4, 8, 12, 24, 3 * 24, 7 * 24, 0)
_LENGTHS = (8, 10, 12, 14, 16, 20)


def _with(choices: tuple[int, ...], present: int | None) -> list[int]:
    """What can be chosen, and what a program has set that is not among it."""
    return list(choices) if present is None or present in choices else sorted({*choices, present})


def _as_choice(present: int | None) -> str | None:
    return None if present is None else str(present)


def _number(word: str) -> int | None:
    return int(word) if word else None


def _lasting(minutes: int) -> str:
    """A length of time in its largest whole unit; 0 is what holds on every installation."""
    if not minutes:
        return _("After 14 days")
    if minutes % (24 * 60) == 0:
        days = minutes // (24 * 60)
        return ngettext("After %(number)s day", "After %(number)s days", days) % {"number": days}
    if minutes % 60 == 0:
        hours = minutes // 60
        return ngettext("After %(number)s hour", "After %(number)s hours", hours) % {"number": hours}
    return ngettext("After %(number)s minute", "After %(number)s minutes", minutes) % {"number": minutes}


def _long(least: int) -> str:
    least = max(least, LEAST)
    return ngettext("%(number)s character", "%(number)s characters", least) % {"number": least}


def _a_day(number: int) -> str:
    return ngettext("%(number)s a day", "%(number)s a day", number) % {"number": number} if number else _("None")


def _said(word: str) -> bool | None:
    return {"yes": True, "no": False}.get(word)


_SWITCHES = (
    (
        "second_factor",
        gettext_lazy("Second factor for everybody"),
        gettext_lazy("Whoever has none sets one up at the next sign-in, before anything else."),
    ),
    (
        "second_factor_staff",
        gettext_lazy("Second factor for staff"),
        gettext_lazy("For whoever sees other people here, also where it is not asked of everybody."),
    ),
    (
        "password_mixed",
        gettext_lazy("Letters and digits in passwords"),
        gettext_lazy("A new password needs at least one of each."),
    ),
    (
        "gravatar",
        gettext_lazy("Pictures from Gravatar"),
        gettext_lazy(
            "This server, never a browser, asks gravatar.com for the picture of an address. Switched off, the pictures "
            "are erased."
        ),
    ),
)


@console_view
@dialog_methods
def rules(request: ConsoleRequest, organization_id: int | None = None) -> HttpResponse:
    """The rules of an organization."""
    home = home_of(request, organization_id, action=EditRules)
    form = RulesForm(request.POST if request.method == "POST" else None, organization=home)
    if form.is_valid():
        perform(EditRules, actor=request.actor, target_id=home.pk, data=form.to_input())
        return done(request, toast=_("The rules are saved."), to=address_of(request, home, "rules"))
    context = {"form": form, **frame_of(request, home, "rules")}
    return render(request, "users/rules.html", context, status=422 if form.is_bound else 200)


class FieldForm(forms.Form):
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
    return done(request, toast=text % {"name": name}, to=address_of(request, home, "fields"), changed=CHANGED)
