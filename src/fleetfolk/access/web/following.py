"""A role in an organization is as above again, or those below it follow it: what changes, for whom, and the saving."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from fleetfolk.access.actions import EditSwitches, EditSwitchesInput
from fleetfolk.access.gate import GATE
from fleetfolk.access.models import Role
from fleetfolk.access.permissions import EDIT_ROLES
from fleetfolk.access.queries import affected_by, place_of_roles
from fleetfolk.access.switches import Placed, grants_over_switches, placed, switches_below
from fleetfolk.access.web.answers import back_to_the_matrix
from fleetfolk.access.web.asking import leave_trace
from fleetfolk.access.web.switching import in_order, people_said
from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.permissions import VIEW_ORGANIZATIONS

NAMED = 5


@console_view
@dialog_methods
def above(request: ConsoleRequest, role_id: int, organization_id: int) -> HttpResponse:
    """The organization has no switches of its own for the role any more."""
    place, here = _looked_at(request, role_id, organization_id)
    data = EditSwitchesInput(role_id=role_id, version=request.POST.get("version", ""))
    after = here.above
    context = {
        "added": in_order(set(after - here.held)),
        "removed": in_order(set(here.held - after)),
        "affected": people_said(affected_by(request.actor, [role_id], place), role_id),
        "button": _("As above"),
    }
    done = _("The role %(role)s is in %(place)s what it is above.")
    return _answer(request, "access/above.html", place, here, data, context, done)


@console_view
@dialog_methods
def below(request: ConsoleRequest, role_id: int, organization_id: int) -> HttpResponse:
    """No organization below has switches of its own for the role any more."""
    place, here = _looked_at(request, role_id, organization_id)
    data = EditSwitchesInput(
        role_id=role_id, permissions=tuple(sorted(here.held)), below=True, version=request.POST.get("version", "")
    )
    differing = Organization.objects.filter(pk__in=switches_below(here.role, place).values("organization"))
    seen = GATE.within_reach(differing, actor=request.actor, permission=VIEW_ORGANIZATIONS)
    context = {
        "names": list(seen.order_by("name").values_list("name", flat=True)[:NAMED]),
        "affected": people_said(affected_by(request.actor, [role_id], place, everybody=True), role_id),
        "button": _("Apply"),
    }
    done = _("The role %(role)s is the same in %(place)s and everywhere below it.")
    return _answer(request, "access/below.html", place, here, data, context, done)


def _looked_at(request: ConsoleRequest, role_id: int, organization_id: int) -> tuple[Organization, Placed]:
    """The place and the role in it, where the actor may switch it there. Who asks to leaves a trace."""
    try:
        return _to_switch(request.actor, role_id, organization_id)
    except (Denied, TargetNotFound):
        if request.method == "POST":
            leave_trace(request.actor, organization_id, role_id)
        raise


def _to_switch(actor: Actor, role_id: int, organization_id: int) -> tuple[Organization, Placed]:
    place = place_of_roles(actor, organization_id)
    role = Role.objects.filter(pk=role_id, tenant_id=actor.tenant_id).first()
    if place is None or role is None:
        raise TargetNotFound
    here = placed(role, place)
    over = grants_over_switches(actor, EDIT_ROLES, place)
    if not any(here.held <= grant.permissions for grant in over):
        raise Denied("role_beyond_yours" if over else "permission_missing")
    return place, here


def _answer(  # noqa: PLR0917 - what each of the two dialogs is made of
    request: ConsoleRequest,
    template: str,
    place: Organization,
    here: Placed,
    data: EditSwitchesInput,
    context: dict[str, Any],
    done: str,
) -> HttpResponse:
    form = forms.Form({} if request.method == "POST" else None)
    if request.method == "POST":
        try:
            perform(EditSwitches, actor=request.actor, target_id=place.pk, data=data)
        except Refused as refusal:
            form.add_error(None, sentence_for(refusal))
        else:
            return back_to_the_matrix(request, done % {"role": here.role.name, "place": place.name}, place)
    context |= {"form": form, "role": here.role, "place": place, "here": here, "action": request.path}
    return render(request, template, context, status=422 if form.is_bound else 200)
