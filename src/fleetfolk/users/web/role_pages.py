"""Deleting a role, and what its people get instead."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fleetfolk.access.models import BuiltinRole, Role
from fleetfolk.access.models_switches import held_anywhere
from fleetfolk.access.permissions import DELETE_ROLES
from fleetfolk.access.queries import affected_by, role_to_change
from fleetfolk.access.roles import grants_over_roles
from fleetfolk.access.web.answers import back_to_the_matrix
from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.users.actions.delete_role import DeleteRole, DeleteRoleInput


class DeleteRoleForm(forms.Form):
    """The role that the people get instead."""

    replacement = forms.TypedChoiceField(label=gettext_lazy("Its people get"), coerce=int)

    def __init__(self, data: Any = None, *, roles: list[Role]) -> None:
        plain = next((role.pk for role in roles if role.builtin == BuiltinRole.USER), None)
        super().__init__(data, initial={"replacement": plain})
        replacement: Any = self.fields["replacement"]
        replacement.choices = [(role.pk, role.name) for role in roles]


@console_view
@dialog_methods
def delete(request: ConsoleRequest, role_id: int) -> HttpResponse:
    """The role is gone, and its people have another."""
    asking = request.method == "POST"
    attempt = DeleteRoleInput(replacement_id=role_id) if asking else None
    role = role_to_change(DeleteRole, request.actor, role_id, attempt)
    if role.builtin:
        raise Refused("role_stays", name=role.name)
    form = DeleteRoleForm(request.POST if asking else None, roles=_instead(request.actor, role))
    if form.is_valid() and _deleted(form, request, role):
        return back_to_the_matrix(request, _("The role “%(name)s” is deleted.") % {"name": role.name})
    affected = affected_by(request.actor, [role.pk])
    context = {
        "form": form,
        "role": role,
        "affected": None if affected is None else affected[role.pk],
        "action": request.path,
        "button": _("Delete the role"),
        "danger": True,
    }
    return render(request, "users/role_delete.html", context, status=422 if form.is_bound else 200)


def _instead(actor: Actor, role: Role) -> list[Role]:
    """The roles that the actor may give to the people of this one."""
    grants = grants_over_roles(actor, DELETE_ROLES)
    others = Role.objects.filter(tenant_id=actor.tenant_id).exclude(pk=role.pk).order_by("position", "name")
    return [other for other in others if any(grant.permissions.issuperset(held_anywhere(other)) for grant in grants)]


def _deleted(form: DeleteRoleForm, request: ConsoleRequest, role: Role) -> bool:
    data = DeleteRoleInput(replacement_id=form.cleaned_data["replacement"])
    try:
        perform(DeleteRole, actor=request.actor, target_id=role.pk, data=data)
    except Refused as refusal:
        form.add_error(None, sentence_for(refusal))
        return False
    return True
