"""Plans: what the operator of the installation offers and gives to tenants, and what a tenant has used of its own."""

from typing import Any, Final

from django import forms
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from fleetfolk.access.gate import GATE
from fleetfolk.console.as_shown import StillAsShown
from fleetfolk.console.dialogs import dialog_methods
from fleetfolk.console.http import ConsoleRequest, console_view, done
from fleetfolk.console.marking import words_of
from fleetfolk.console.typed import typed
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.organizations.actions import (
    AssignPlan,
    AssignPlanInput,
    CreatePlan,
    DeletePlan,
    DeletePlanInput,
    EditPlan,
    PlanInput,
)
from fleetfolk.organizations.actions.create_plan import LONGEST, LONGEST_CONTACT, MOST_LIMIT
from fleetfolk.organizations.limits import RoleEditing, counted, usage
from fleetfolk.organizations.models import Organization, OrganizationKind, Plan
from fleetfolk.organizations.permissions import EDIT_PLANS
from fleetfolk.organizations.queries import organizations_named
from fleetfolk.users.web.settings_pages import SettingsPage, frame_of, home_of, register_settings_page

CHANGED: Final = "plans:changed"
FOUND: Final = 50
LONGEST_FIND: Final = 80
MOST: Final = "most-"
"""What the name of a limit's field begins with."""

_ROLES = (
    (RoleEditing.LOCKED, gettext_lazy("Fixed")),
    (RoleEditing.EDITABLE, gettext_lazy("Editable")),
    (RoleEditing.CUSTOM, gettext_lazy("Custom")),
)


class PlanForm(StillAsShown):
    """A plan: its name, a number for each limit, and what may be done with roles."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Give the plan a name.")},
    )
    contact = forms.CharField(
        label=gettext_lazy("Whom to ask for more"),
        max_length=LONGEST_CONTACT,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("A name, an address or a phone number. It stands in every refusal for want of room."),
    )
    roles = forms.ChoiceField(
        label=gettext_lazy("What may be done with roles"), choices=_ROLES, initial=RoleEditing.CUSTOM
    )
    sign_up = forms.BooleanField(label=gettext_lazy("People may sign up by themselves"), required=False, initial=True)
    for_new = forms.BooleanField(label=gettext_lazy("New tenants begin with this plan"), required=False)

    def __init__(self, data: Any = None, *, plan: Plan | None = None) -> None:
        super().__init__(data)
        self.plan = plan
        for limit in counted():
            self.fields[f"{MOST}{limit.code}"] = forms.IntegerField(
                label=limit.label, required=False, min_value=0, max_value=MOST_LIMIT
            )
        if plan is not None:
            self.edits = True
            self.initial = {
                **{f"{MOST}{code}": most for code, most in plan.limits.items()},
                "name": plan.name,
                "contact": plan.contact,
                "for_new": plan.for_new,
                "roles": plan.features.get("roles", RoleEditing.CUSTOM),
                "sign_up": plan.features.get("sign_up", True),
            }

    def numbers(self) -> list[forms.BoundField]:
        """The fields of the limits."""
        return [self[f"{MOST}{limit.code}"] for limit in counted()]

    def to_input(self) -> PlanInput:
        """The plan as the Action takes it. Limits of which this installation counts nothing stay."""
        said = self.cleaned_data
        codes = {limit.code for limit in counted()}
        others = {code: most for code, most in (self.plan.limits if self.plan else {}).items() if code not in codes}
        return PlanInput(
            name=" ".join(said["name"].split()),
            contact=" ".join(said["contact"].split()),
            limits={**others, **{code: said[f"{MOST}{code}"] for code in codes}},
            roles=RoleEditing(said["roles"]),
            for_new=said["for_new"],
            sign_up=said["sign_up"],
        )


@console_view
@require_safe
def plans(request: ConsoleRequest) -> HttpResponse:
    """The plans side by side, and which tenant has which."""
    _require_operator(request)
    every = list(Plan.objects.annotate(tenants=Count("organizations")).order_by("position", "name"))
    find = typed(request.GET, "find", longest=LONGEST_FIND)
    words = words_of(find)
    within = Organization.objects.filter(parent=None).exclude(kind=OrganizationKind.INSTALLATION)
    if words:
        keys = [one.pk for one in organizations_named(within, words, limit=FOUND)]
        within = within.filter(pk__in=keys)
    tenants = list(within.select_related("plan").order_by("name", "pk")[:FOUND])
    context = {
        "plans": every,
        "lines": [(limit, [_said(plan, limit.code, limit.otherwise) for plan in every]) for limit in counted()],
        "roles": [dict(_ROLES)[RoleEditing(plan.features.get("roles", RoleEditing.CUSTOM))] for plan in every],
        "sign_up": [plan.features.get("sign_up", True) for plan in every],
        "without": Organization.objects.filter(parent=None, plan=None)
        .filter(~Q(kind=OrganizationKind.INSTALLATION))
        .count(),
        "tenants": tenants,
        "more": len(tenants) == FOUND,
        "find": find,
    }
    part = request.htmx and request.htmx.target == "tenants"
    return render(request, f"users/plans.html{'#tenants' if part else ''}", context)


@console_view
@dialog_methods
def create_plan(request: ConsoleRequest) -> HttpResponse:
    """One more plan."""
    installation = _require_operator(request, CreatePlan)
    form = PlanForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _performed(form, request, CreatePlan, installation, form.to_input()):
        return _done(request, _("The plan “%(name)s” is there.") % {"name": form.cleaned_data["name"]})
    context = {"form": form, "action": request.path, "button": _("Create the plan"), "wide": True}
    return render(request, "users/plan.html", context, status=422 if form.is_bound else 200)


@console_view
@dialog_methods
def edit_plan(request: ConsoleRequest, plan_id: int) -> HttpResponse:
    """Other numbers, another name."""
    plan = _plan_for(request, EditPlan, plan_id)
    form = PlanForm(request.POST if request.method == "POST" else None, plan=plan)
    if form.is_valid() and _performed(form, request, EditPlan, plan_id, form.to_input()):
        return _done(request, _("The plan “%(name)s” is saved.") % {"name": form.cleaned_data["name"]})
    context = {
        "form": form,
        "plan": plan,
        "tenants": Organization.objects.filter(parent=None, plan=plan).count(),
        "action": request.path,
        "button": _("Save"),
        "wide": True,
    }
    return render(request, "users/plan.html", context, status=422 if form.is_bound else 200)


@console_view
@dialog_methods
def delete_plan(request: ConsoleRequest, plan_id: int) -> HttpResponse:
    """The plan is offered no more; GET asks."""
    plan = _plan_for(request, DeletePlan, plan_id)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid() and _performed(form, request, DeletePlan, plan_id, DeletePlanInput()):
        return _done(request, _("The plan “%(name)s” is deleted.") % {"name": plan.name})
    context = {"form": form, "plan": plan, "action": request.path, "button": _("Delete the plan"), "danger": True}
    return render(request, "users/plan_delete.html", context, status=422 if form.is_bound else 200)


@console_view
@dialog_methods
def assign_plan(request: ConsoleRequest, tenant_id: int) -> HttpResponse:
    """Another plan for a tenant, beside what it has now."""
    installation = _require_operator(request, AssignPlan)
    roots = Organization.objects.filter(parent=None).exclude(kind=OrganizationKind.INSTALLATION)
    root = roots.select_related("plan").filter(pk=tenant_id).first()
    if root is None:
        raise TargetNotFound
    form = _AssignForm(request.POST if request.method == "POST" else None, root=root)
    if form.is_valid():
        chosen = form.cleaned_data["plan"]
        data = AssignPlanInput(tenant_id=tenant_id, plan_id=int(chosen) if chosen else None)
        if _performed(form, request, AssignPlan, installation, data):
            return _done(request, _("%(name)s has another plan.") % {"name": root.name})
    context = {
        "form": form,
        "root": root,
        "used": [one for one in usage(root) if one.present is not None and not one.limit.each],
        "action": request.path,
        "button": _("Save"),
    }
    return render(request, "users/plan_assign.html", context, status=422 if form.is_bound else 200)


class _AssignForm(forms.Form):
    """One of the plans, or none."""

    def __init__(self, data: Any = None, *, root: Organization) -> None:
        super().__init__(data)
        choices = [(str(plan.pk), plan.name) for plan in Plan.objects.order_by("position", "name")]
        self.fields["plan"] = forms.ChoiceField(
            label=_("Plan"),
            required=False,
            choices=[("", _("No plan: nothing is limited")), *choices],
            initial=str(root.plan_id or ""),
            help_text=_("It holds from now on. What is there beyond it stays, but no more is added."),
        )


@console_view
@require_safe
def own_usage(request: ConsoleRequest) -> HttpResponse:
    """What the viewer's tenant has, beside what its plan allows. Whoever is further down does not see the whole."""
    home = home_of(request)
    if not home.is_tenant:
        raise TargetNotFound
    root = Organization.objects.select_related("plan").get(pk=home.pk)
    context = {"plan": root.plan, "used": usage(root), **frame_of(request, home, "usage")}
    if root.plan is not None:
        context["sign_up"] = root.plan.features.get("sign_up", True)
        context["roles"] = dict(_ROLES)[RoleEditing(root.plan.features.get("roles", RoleEditing.CUSTOM))]
    return render(request, "users/usage.html", context)


register_settings_page(
    SettingsPage(slug="usage", label=gettext_lazy("Plan and usage"), url="settings:usage", only_top=True)
)


def _require_operator(request: ConsoleRequest, action: type[Action[Any, Any]] | None = None) -> int:
    """The installation's key, where the viewer may edit plans. A POST by who may not goes to the Action."""
    installation = Organization.objects.get(kind=OrganizationKind.INSTALLATION)
    decision = GATE.decide(request.actor, EDIT_PLANS, installation)
    if not decision.allowed:
        if request.method == "POST" and action is not None:
            perform(action, actor=request.actor, target_id=installation.pk, data=None)
        if decision.visible:
            raise Denied(decision.reason)
        raise TargetNotFound
    return installation.pk


def _plan_for(request: ConsoleRequest, action: type[Action[Any, Any]], plan_id: int) -> Plan:
    """The plan, where the viewer may do this to it. A POST by who may not goes to the Action, which logs it."""
    if request.method == "POST":
        plan = Plan.objects.filter(pk=plan_id).first()
        if plan is None or not GATE.decide(request.actor, EDIT_PLANS, plan).allowed:
            perform(action, actor=request.actor, target_id=plan_id, data=None)
    _require_operator(request)
    plan = Plan.objects.filter(pk=plan_id).first()
    if plan is None:
        raise TargetNotFound
    return plan


def _said(plan: Plan, code: str, otherwise: int | None) -> str | None:
    most = plan.limits.get(code, otherwise)
    return None if most is None else str(number_format(most, force_grouping=True))


def _performed(form: forms.Form, request: ConsoleRequest, action: type[Action[Any, Any]], key: int, data: Any) -> bool:
    """Whether it was done. A refusal stands in the form."""
    try:
        perform(action, actor=request.actor, target_id=key, data=data)
    except Refused as refusal:
        form.add_error("name" if refusal.reason == "plan_name_taken" else None, sentence_for(refusal))
        return False
    return True


def _done(request: ConsoleRequest, text: str) -> HttpResponse:
    return done(request, toast=text, to=reverse("plans:list"), changed=CHANGED)
