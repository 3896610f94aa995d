"""The programs of an organization: a page of its settings."""

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.access.permissions import CREATE_TOKENS, DELETE_TOKENS, EDIT_TOKENS, VIEW_TOKENS
from fleetfolk.access.web.opened import opened
from fleetfolk.api.actions.create_program import CreateProgram, CreateProgramInput
from fleetfolk.api.actions.create_secret import CreateSecret, SecretInput
from fleetfolk.api.actions.delete_program import DeleteProgram
from fleetfolk.api.actions.edit_program import EditProgram, EditProgramInput
from fleetfolk.api.actions.revoke_secret import RevokeSecret, RevokeSecretInput
from fleetfolk.api.models import Program, ProgramSecret
from fleetfolk.api.secrets import PROGRAM, key_hash, new_client_id, new_key
from fleetfolk.api.web.key_forms import SOME, RightsForm
from fleetfolk.console.dialogs import (
    Question,
    ask,
    ask_first,
    dialog_methods,
    form_dialog,
    performed,
    shown_once,
)
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.web.settings_pages import SettingsPage, address_of, frame_of, home_of, register_settings_page

CHANGED: Final = "programs:changed"
_FIELDS: Final = {
    "token_name": "name",
    "token_name_taken": "name",
    "token_scopes": "reach",
    "program_stronger": "reach",
    "token_many": None,
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
        "new_url": address_of(request, home, "programs:create"),
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
        if performed(form, request, CreateProgram, home.pk, data, fields=_FIELDS):
            return _with_secret(request, Program.objects.get(client_id=data.client_id))
    title, button = _("Let a program in"), _("Add program")
    return form_dialog(request, "api/program.html", form, title=title, button=button, wide=True)


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
        if performed(form, request, EditProgram, program.pk, data, fields=_FIELDS):
            toast = _("The program “%(name)s” is saved.") % {"name": data.name}
            return done(request, toast=toast, to=_page_of(request, program), changed=CHANGED)
    title = _("Program “%(name)s”") % {"name": program.name}
    return form_dialog(request, "api/program.html", form, title=title, button=_("Save"), wide=True)


@console_view
@dialog_methods
def delete(request: ConsoleRequest, program_id: int) -> HttpResponse:
    """One program less; asks first."""
    program = _program(request, program_id, DeleteProgram)
    question = Question(
        title=_("Delete the program “%(name)s”") % {"name": program.name},
        lead=_("It is refused from its next request on, with all its secrets and tokens. This cannot be undone."),
        button=_("Delete program"),
        danger=True,
    )
    toast = _("The program “%(name)s” is shut out.") % {"name": program.name}
    step = (DeleteProgram, program.pk, NoInput())
    return ask_first(request, question, step, toast=toast, to=_page_of(request, program), changed=CHANGED)


@console_view
@dialog_methods
def create_secret(request: ConsoleRequest, program_id: int) -> HttpResponse:
    """A second secret, shown once; asks first."""
    program = _program(request, program_id, CreateSecret)
    if request.method == "POST":
        return _with_secret(request, program)
    question = Question(
        title=_("A new secret for “%(name)s”") % {"name": program.name},
        lead=_("The present one goes on working, so that the program can be given the new one without a pause."),
        button=_("Make the secret"),
    )
    return ask(request, question)


@console_view
@dialog_methods
def revoke_secret(request: ConsoleRequest, program_id: int, secret_id: int) -> HttpResponse:
    """One secret less; asks first."""
    program = _program(request, program_id, RevokeSecret)
    secret = ProgramSecret.objects.filter(program=program, pk=secret_id).first()
    if secret is None:
        raise TargetNotFound
    question = Question(
        title=_("Revoke the secret …%(end)s") % {"end": secret.secret_end},
        lead=_("Tokens that were got for it are refused from the next request on, too. This cannot be undone."),
        button=_("Revoke secret"),
        danger=True,
    )
    toast = _("The secret …%(end)s opens nothing any more.") % {"end": secret.secret_end}
    step = (RevokeSecret, program.pk, RevokeSecretInput(secret_id=secret.pk))
    return ask_first(request, question, step, toast=toast, to=_page_of(request, program), changed=CHANGED)


def _held_at(request: ConsoleRequest, organization: Organization) -> set[str]:
    """What the viewer could give a program of the organization."""
    here = [grant for grant in grants_of(request.actor) if grant.reaches(organization.path)]
    return {code for grant in here for code in grant.permissions}


def _program(request: ConsoleRequest, program_id: int, action: type[Action[Any, Any]]) -> Program:
    rows = Program.objects.select_related("organization")
    return opened(request, rows, program_id, permission=action.permission, action=action)


def _with_secret(request: ConsoleRequest, program: Program) -> HttpResponse:
    secret = new_key(PROGRAM)
    data = SecretInput(secret_hash=key_hash(secret), secret_end=secret[-4:])
    perform(CreateSecret, actor=request.actor, target_id=program.pk, data=data)
    context, page = {"program": program, "secret": secret}, _page_of(request, program)
    return shown_once(request, "api/program_shown.html", context, page=page, changed=CHANGED)


def _page_of(request: ConsoleRequest, program: Program) -> str:
    return address_of(request, program.organization, "programs:list")


register_settings_page(SettingsPage(slug="programs", label=gettext_lazy("Programs"), url="programs:list"))
