"""Roles of one's own: made from another, called something else, moved among the others."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fleetfolk.access.actions import (
    CreateRole,
    CreateRoleInput,
    MoveRole,
    MoveRoleInput,
    RenameRole,
    RenameRoleInput,
)
from fleetfolk.access.models import Role
from fleetfolk.access.permissions import CREATE_ROLES
from fleetfolk.access.queries import role_to_change
from fleetfolk.access.roles import LONGEST_NAME, grants_over_roles
from fleetfolk.access.web.answers import back_to_the_matrix
from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.permissions import PERMISSIONS
from fleetfolk.kernel.reasons import sentence_for


class NameForm(forms.Form):
    """What a role is called."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Give the role a name.")},
    )


class CreateForm(NameForm):
    """What the new role is called, and whose switches it begins with."""

    begin = forms.ChoiceField(label=gettext_lazy("Begin with"), required=False)

    def __init__(self, data: Any = None, *, roles: list[Role], initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        begin: Any = self.fields["begin"]
        begin.choices = [("", _("No permissions")), *((str(role.pk), role.name) for role in roles)]
        self._roles = {str(role.pk): role for role in roles}

    def to_input(self) -> CreateRoleInput:
        """The new role as the Action takes it. What an older version left on the other role stays behind."""
        role = self._roles.get(self.cleaned_data["begin"])
        codes = tuple(code for code in role.permissions if code in PERMISSIONS) if role else ()
        return CreateRoleInput(name=self.cleaned_data["name"], permissions=codes)


@console_view
@dialog_methods
def create(request: ConsoleRequest) -> HttpResponse:
    """One more role."""
    actor = request.actor
    grants = grants_over_roles(actor, CREATE_ROLES)
    if not grants:
        if request.method == "POST":
            perform(CreateRole, actor=actor, target_id=actor.tenant_id, data=CreateRoleInput(name=""))
        raise Denied("roles_are_the_tenants")
    every = Role.objects.filter(tenant_id=actor.tenant_id).order_by("position", "name")
    roles = [role for role in every if any(grant.permissions.issuperset(role.permissions) for grant in grants)]
    form = CreateForm(
        request.POST if request.method == "POST" else None, roles=roles, initial={"begin": request.GET.get("from", "")}
    )
    if form.is_valid() and _performed(form, request, CreateRole, actor.tenant_id, form.to_input()):
        text = _("The role “%(name)s” is there. Switch its permissions, then give it to people.")
        return back_to_the_matrix(request, text % {"name": form.cleaned_data["name"]})
    context = {"form": form, "action": request.path, "button": _("Create the role")}
    return render(request, "access/role_new.html", context, status=422 if form.is_bound else 200)


@console_view
@dialog_methods
def rename(request: ConsoleRequest, role_id: int) -> HttpResponse:
    """Another name."""
    asking = request.method == "POST"
    role = role_to_change(RenameRole, request.actor, role_id, RenameRoleInput(name="") if asking else None)
    form = NameForm(request.POST if asking else None, initial={"name": role.name})
    if form.is_valid():
        data = RenameRoleInput(name=form.cleaned_data["name"])
        if _performed(form, request, RenameRole, role.pk, data):
            return back_to_the_matrix(request, _("The role is called “%(name)s” now.") % {"name": data.name})
    context = {"form": form, "role": role, "action": request.path, "button": _("Rename")}
    return render(request, "access/role_rename.html", context, status=422 if form.is_bound else 200)


@console_view
@require_POST
def move(request: ConsoleRequest, role_id: int, place: int) -> HttpResponse:
    """Another place among the roles."""
    data = MoveRoleInput(role_id=role_id, place=place)
    role: Any = perform(MoveRole, actor=request.actor, target_id=request.actor.tenant_id, data=data).target
    return back_to_the_matrix(request, _("%(name)s is moved.") % {"name": role.name})


def _performed(
    form: forms.Form, request: ConsoleRequest, action: type[Action[Any, Any]], target_id: int, data: Any
) -> bool:
    """Whether it was done. A refusal about the name stands at the name, so that what was typed is not lost."""
    try:
        perform(action, actor=request.actor, target_id=target_id, data=data)
    except Refused as refusal:
        form.add_error("name" if refusal.reason.startswith("role_name") else None, sentence_for(refusal))
        return False
    return True
