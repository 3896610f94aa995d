"""The programs of an organization: a page of its settings."""

from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.access.permissions import CREATE_TOKENS, DELETE_TOKENS, EDIT_TOKENS, VIEW_TOKENS
from fleetfolk.api.actions.create_program import CreateProgram, CreateProgramInput
from fleetfolk.api.actions.create_secret import CreateSecret, SecretInput
from fleetfolk.api.actions.delete_program import DeleteProgram
from fleetfolk.api.actions.edit_program import EditProgram, EditProgramInput
from fleetfolk.api.actions.revoke_secret import RevokeSecret, RevokeSecretInput
from fleetfolk.api.models import Program, ProgramSecret
from fleetfolk.api.secrets import PROGRAM, key_hash, new_client_id, new_key
from fleetfolk.api.web.key_forms import SOME, RightsForm
from fleetfolk.api.web.keys import shown_once
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.organizations.models import Organization
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.web.dialogs import dialog_methods
from fleetfolk.users.web.settings_pages import SettingsPage, frame_of, home_of, register_settings_page

CHANGED: Final = "programs:changed"
_FIELDS: Final = {
    "token_name": "name",
    "token_name_taken": "name",
    "token_scopes": "reach",
    "program_stronger": "reach",
}


@console_view
@require_safe
def program_list(request: ConsoleRequest, organization_id: int | None = None) -> HttpResponse:
    """Which programs the organization lets in, with their secrets."""
    home = home_of(request, organization_id, permission=VIEW_TOKENS)
    programs = Program.objects.filter(organization=home).prefetch_related("secrets").order_by("name")
    grants = grants_of(request.actor)

    def may(permission: Any) -> bool:
        return GATE.decide(request.actor, permission, home, grants).allowed

    context = {
        "programs": programs,
        "page_url": request.path,
        "new_url": _url("create", home, organization_id is None),
        "may_create": may(CREATE_TOKENS),
        "may_edit": may(EDIT_TOKENS),
        "may_delete": may(DELETE_TOKENS),
        **frame_of(request, home, "programs"),
    }
    return render(request, "api/programs.html", context)


@console_view
@dialog_methods
def create(request: ConsoleRequest, organization_id: int | None = None) -> HttpResponse:
    """A new program with its first secret, shown once."""
    home = home_of(request, organization_id, action=CreateProgram, permission=CREATE_TOKENS)
    form = RightsForm(request.POST if request.method == "POST" else None, held=_held_at(request, home))
    if form.is_valid():
        data = CreateProgramInput(
            name=form.cleaned_data["name"],
            client_id=new_client_id(),
            permissions=form.rights(),
            sensitive=form.cleaned_data["sensitive"],
        )
        made = _performed(form, request, CreateProgram, home.pk, data)
        if made:
            page = _url("list", home, organization_id is None)
            return _with_secret(request, Program.objects.get(client_id=data.client_id), page)
    return _dialog(request, form, title=_("Let a program in"), button=_("Add program"))


@console_view
@dialog_methods
def edit(request: ConsoleRequest, program_id: int) -> HttpResponse:
    """What a program is called and may do."""
    program = _program(request, program_id, EditProgram)
    initial = {
        "name": program.name,
        "reach": SOME,
        "scopes": program.permissions,
        "sensitive": program.sensitive,
    }
    held = _held_at(request, program.organization)
    form = RightsForm(request.POST if request.method == "POST" else None, held=held, initial=initial)
    if form.is_valid():
        data = EditProgramInput(
            name=form.cleaned_data["name"], permissions=form.rights(), sensitive=form.cleaned_data["sensitive"]
        )
        if _performed(form, request, EditProgram, program.pk, data):
            return _done(request, program, _("The program “%(name)s” is saved.") % {"name": data.name})
    return _dialog(request, form, title=_("Program “%(name)s”") % {"name": program.name}, button=_("Save"))


@console_view
@dialog_methods
def delete(request: ConsoleRequest, program_id: int) -> HttpResponse:
    """One program less; asks first."""
    program = _program(request, program_id, DeleteProgram)
    if request.method == "POST":
        perform(DeleteProgram, actor=request.actor, target_id=program.pk, data=NoInput())
        return _done(request, program, _("The program “%(name)s” is shut out.") % {"name": program.name})
    lead = _("It is refused from its next request on, with all its secrets and tokens. This cannot be undone.")
    title = _("Delete the program “%(name)s”") % {"name": program.name}
    return _ask(request, title, lead, _("Delete program"), danger=True)


@console_view
@dialog_methods
def create_secret(request: ConsoleRequest, program_id: int) -> HttpResponse:
    """A second secret, shown once; asks first."""
    program = _program(request, program_id, CreateSecret)
    if request.method == "POST":
        return _with_secret(request, program, _page_of(request, program.organization))
    lead = _("The present one goes on working, so that the program can be given the new one without a pause.")
    title = _("A new secret for “%(name)s”") % {"name": program.name}
    return _ask(request, title, lead, _("Make the secret"))


@console_view
@dialog_methods
def revoke_secret(request: ConsoleRequest, program_id: int, secret_id: int) -> HttpResponse:
    """One secret less; asks first."""
    program = _program(request, program_id, RevokeSecret)
    secret = ProgramSecret.objects.filter(program=program, pk=secret_id).first()
    if secret is None:
        raise TargetNotFound
    if request.method == "POST":
        data = RevokeSecretInput(secret_id=secret.pk)
        perform(RevokeSecret, actor=request.actor, target_id=program.pk, data=data)
        return _done(request, program, _("The secret …%(end)s opens nothing any more.") % {"end": secret.secret_end})
    lead = _("Tokens that were got for it are refused from the next request on, too. This cannot be undone.")
    title = _("Revoke the secret …%(end)s") % {"end": secret.secret_end}
    return _ask(request, title, lead, _("Revoke secret"), danger=True)


def _held_at(request: ConsoleRequest, organization: Organization) -> set[str]:
    """What the viewer could give a program of the organization."""
    here = [grant for grant in grants_of(request.actor) if grant.reaches(organization.path)]
    return {code for grant in here for code in grant.permissions}


def _program(request: ConsoleRequest, program_id: int, action: type[Action[Any, Any]]) -> Program:
    """The program, where the viewer may do this. A POST by who may not goes to the Action, which logs it."""
    programs = Program.objects.select_related("organization")
    program = programs.filter(pk=program_id, tenant_id=request.actor.tenant_id).first()
    decision = None if program is None else GATE.decide(request.actor, action.permission, program)
    if program is None or decision is None or not decision.allowed:
        if request.method == "POST":
            perform(action, actor=request.actor, target_id=program_id, data=None)
        raise Denied(decision.reason) if decision is not None and decision.visible else TargetNotFound
    return program


def _performed(
    form: forms.Form, request: ConsoleRequest, action: type[Action[Any, Any]], target_id: int, data: Any
) -> bool:
    """Whether it was done; a refusal stands in the form, so that what was typed is not lost."""
    try:
        perform(action, actor=request.actor, target_id=target_id, data=data)
    except (Refused, Denied) as refusal:
        if refusal.reason not in _FIELDS and refusal.reason != "token_many":
            raise
        form.add_error(_FIELDS.get(refusal.reason), sentence_for(refusal))
        return False
    return True


def _with_secret(request: ConsoleRequest, program: Program, page: str) -> HttpResponse:
    secret = new_key(PROGRAM)
    data = SecretInput(secret_hash=key_hash(secret), secret_end=secret[-4:])
    perform(CreateSecret, actor=request.actor, target_id=program.pk, data=data)
    context = {"program": program, "secret": secret, "page": page}
    return shown_once(request, "api/program_shown.html", context, CHANGED)


def _dialog(request: ConsoleRequest, form: forms.Form, *, title: str, button: str) -> HttpResponse:
    context = {"form": form, "action": request.path, "title": title, "button": button, "wide": True}
    return render(request, "api/program.html", context, status=422 if form.is_bound else 200)


def _ask(request: ConsoleRequest, title: str, lead: str, button: str, *, danger: bool = False) -> HttpResponse:
    context = {"title": title, "lead": lead, "action": request.path, "button": button, "danger": danger}
    return render(request, "api/ask.html", context)


def _done(request: ConsoleRequest, program: Program, toast: str) -> HttpResponse:
    return done(request, toast=toast, to=_page_of(request, program.organization), changed=CHANGED)


def _page_of(request: ConsoleRequest, home: Organization) -> str:
    return _url("list", home, home.pk == request.user.organization_id)  # type: ignore[union-attr]


def _url(name: str, home: Organization, own: bool) -> str:
    return reverse(f"programs:{name}") if own else reverse(f"programs:{name}-of", args=[home.pk])


def _address(home: Organization, own: bool) -> str:
    return _url("list", home, own)


register_settings_page(SettingsPage(slug="programs", label=gettext_lazy("Programs"), address=_address))
