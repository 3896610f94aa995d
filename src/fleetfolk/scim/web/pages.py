"""The directories of an organization: a page of its settings, and one for each with its groups."""

from typing import Any, Final

from django.conf import settings
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.access.models import Role
from fleetfolk.access.web.opened import opened
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
from fleetfolk.kernel.permissions import Permission
from fleetfolk.organizations.models import Organization
from fleetfolk.scim.actions.assign_group import AssignGroup, AssignGroupInput
from fleetfolk.scim.actions.create_scim_client import CreateScimClient, CreateScimClientInput, ScimClientInput
from fleetfolk.scim.actions.delete_scim_client import DeleteScimClient
from fleetfolk.scim.actions.edit_scim_client import EditScimClient
from fleetfolk.scim.actions.rotate_scim_client import RotateScimClient, RotateScimClientInput
from fleetfolk.scim.models import Group, Identity, ScimClient
from fleetfolk.scim.permissions import EDIT_SCIM, VIEW_SCIM
from fleetfolk.scim.tokens import key_hash, new_token
from fleetfolk.scim.web import ROOT
from fleetfolk.scim.web.forms import ClientForm, GroupForm
from fleetfolk.scim.web.giving import give_role
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.permissions import INVITE_USERS
from fleetfolk.users.web.settings_pages import SettingsPage, address_of, frame_of, home_of, register_settings_page

CHANGED: Final = "provisioning:changed"
_FIELDS: Final = {
    "scim_name": "name",
    "scim_name_taken": "name",
    "scim_roles": "role",
    "scim_role": "role",
    "scim_stronger": "roles",
    "role_is_stronger": "roles",
    "scim_many": None,
}


@console_view
@require_safe
def client_list(request: ConsoleRequest, organization_id: int | None = None) -> HttpResponse:
    """Which directories keep the organization's people."""
    home = home_of(request, organization_id, permission=VIEW_SCIM)
    clients = ScimClient.objects.filter(organization=home).select_related("role").prefetch_related("roles")
    context = {
        "clients": clients.annotate(people=Count("identities")).order_by("name"),
        "page_url": request.path,
        "new_url": address_of(request, home, "scim:create"),
        "base_url": _base_url(),
        "may_edit": _may(request, EDIT_SCIM, home),
        **frame_of(request, home, "provisioning"),
    }
    return render(request, "scim/clients.html", context)


@console_view
@dialog_methods
def create(request: ConsoleRequest, organization_id: int | None = None) -> HttpResponse:
    """A new directory with its token, shown once."""
    home = home_of(request, organization_id, action=CreateScimClient, permission=EDIT_SCIM)
    form = ClientForm(request.POST if request.method == "POST" else None, roles=_giveable(request, home))
    if form.is_valid():
        token = new_token()
        data = CreateScimClientInput(**form.given(), secret_hash=key_hash(token), secret_end=token[-4:])
        if performed(form, request, CreateScimClient, home.pk, data, fields=_FIELDS):
            return _token(request, ScimClient.objects.get(secret_hash=data.secret_hash), token)
    title, button = _("Let a directory in"), _("Make the token")
    return form_dialog(request, "scim/client_form.html", form, title=title, button=button, wide=True)


@console_view
@require_safe
def show(request: ConsoleRequest, client_id: int) -> HttpResponse:
    """One directory, and its groups with the roles that they give."""
    client = _client(request, client_id, VIEW_SCIM)
    home = client.organization
    groups = Group.objects.filter(client=client).select_related("role").annotate(people=Count("members"))
    context = {
        "client": client,
        "roles": client.roles.order_by("position", "name"),
        "people": Identity.objects.filter(client=client).count(),
        "groups": groups.order_by("name"),
        "base_url": _base_url(),
        "page_url": request.path,
        "list_url": address_of(request, home, "scim:list"),
        "may_edit": _may(request, EDIT_SCIM, home),
        **frame_of(request, home, "provisioning"),
    }
    return render(request, "scim/client.html", context)


@console_view
@dialog_methods
def edit(request: ConsoleRequest, client_id: int) -> HttpResponse:
    """What a directory may do."""
    client = _client(request, client_id, EDIT_SCIM, EditScimClient)
    roles = _giveable(request, client.organization)
    form = ClientForm(request.POST if request.method == "POST" else None, roles=roles, client=client)
    if form.is_valid():
        data = ScimClientInput(**form.given())
        if performed(form, request, EditScimClient, client.pk, data, fields=_FIELDS):
            return _done(request, client, _("“%(name)s” is saved.") % {"name": data.name})
    title = _("Directory “%(name)s”") % {"name": client.name}
    return form_dialog(request, "scim/client_form.html", form, title=title, button=_("Save"), wide=True)


@console_view
@dialog_methods
def rotate(request: ConsoleRequest, client_id: int) -> HttpResponse:
    """Another token, shown once; asks first."""
    client = _client(request, client_id, EDIT_SCIM, RotateScimClient)
    if request.method == "POST":
        token = new_token()
        data = RotateScimClientInput(secret_hash=key_hash(token), secret_end=token[-4:])
        perform(RotateScimClient, actor=request.actor, target_id=client.pk, data=data)
        return _token(request, client, token)
    question = Question(
        title=_("A new token for “%(name)s”") % {"name": client.name},
        lead=_(
            "The present token is refused from now on, until the directory has the new one. Nobody's account changes."
        ),
        button=_("Replace the token"),
    )
    return ask(request, question)


@console_view
@dialog_methods
def delete(request: ConsoleRequest, client_id: int) -> HttpResponse:
    """One directory less; asks first."""
    client = _client(request, client_id, EDIT_SCIM, DeleteScimClient)
    question = Question(
        title=_("Delete the directory “%(name)s”") % {"name": client.name},
        lead=_(
            "It is refused from its next request on. Its people stay as they are; its groups, and what it calls "
            "people, are forgotten. This cannot be undone."
        ),
        button=_("Delete directory"),
        danger=True,
    )
    toast = _("The directory “%(name)s” is shut out.") % {"name": client.name}
    to = address_of(request, client.organization, "scim:list")
    step = (DeleteScimClient, client.pk, NoInput())
    return ask_first(request, question, step, toast=toast, to=to, changed=CHANGED)


@console_view
@dialog_methods
def assign(request: ConsoleRequest, client_id: int, group_id: int) -> HttpResponse:
    """The role of a group, for who is in it and for who comes."""
    client = _client(request, client_id, EDIT_SCIM)
    group = Group.objects.select_related(*Group.comes_with).filter(client=client, pk=group_id).first()
    if group is None:
        raise TargetNotFound
    form = GroupForm(
        request.POST if request.method == "POST" else None,
        roles=list(client.roles.order_by("position", "name")),
        initial={"role": str(group.role_id or "")},
    )
    if form.is_valid():
        data = AssignGroupInput(role_id=form.role_id())
        if performed(form, request, AssignGroup, group.pk, data, fields=_FIELDS):
            given, refused = give_role(request.actor, group.pk, data.role_id)
            return _done(request, client, _told(group.name, given, refused))
    title = _("Role of the group “%(name)s”") % {"name": group.name}
    return form_dialog(request, "scim/group.html", form, title=title, button=_("Save"))


def _told(name: str, given: int, refused: int) -> str:
    said = ngettext(
        "“%(name)s” is saved; %(given)s person has the role now.",
        "“%(name)s” is saved; %(given)s people have the role now.",
        given,
    ) % {"name": name, "given": given}
    if not refused:
        return said
    left = ngettext("%(refused)s could not be given it.", "%(refused)s could not be given it.", refused)
    return f"{said} {left % {'refused': refused}}"


def _base_url() -> str:
    return f"{settings.FLEETFOLK_ORIGIN}{ROOT}"


def _giveable(request: ConsoleRequest, home: Organization) -> list[Role]:
    return list(GATE.giveable_roles(request.actor, INVITE_USERS, home))


def _may(request: ConsoleRequest, permission: Permission, home: Organization) -> bool:
    return GATE.decide(request.actor, permission, home, grants_of(request.actor)).allowed


def _client(
    request: ConsoleRequest, client_id: int, permission: Permission, action: type[Action[Any, Any]] | None = None
) -> ScimClient:
    rows = ScimClient.objects.select_related("organization", "role")
    return opened(request, rows, client_id, permission=permission, action=action)


def _token(request: ConsoleRequest, client: ScimClient, token: str) -> HttpResponse:
    context = {"client": client, "token": token, "base_url": _base_url()}
    page = reverse("scim:show", args=[client.pk])
    return shown_once(request, "scim/token_shown.html", context, page=page, changed=CHANGED)


def _done(request: ConsoleRequest, client: ScimClient, toast: str) -> HttpResponse:
    return done(request, toast=toast, to=reverse("scim:show", args=[client.pk]), changed=CHANGED)


register_settings_page(SettingsPage(slug="provisioning", label=gettext_lazy("Provisioning"), url="scim:list"))
