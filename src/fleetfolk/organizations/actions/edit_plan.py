"""Change what a plan allows."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.organizations import limits
from fleetfolk.organizations.actions.create_plan import PlanInput, columns_of, require_plan
from fleetfolk.organizations.models import Organization, Plan
from fleetfolk.organizations.permissions import EDIT_PLANS


class EditPlan(Action[Plan, PlanInput]):
    """Every tenant with the plan may have so much from now on. What is there beyond it stays; no more is added."""

    code = "plan.edit"
    label = _("Edit plan")
    said = _("edited the plan %(target)s")
    permission = EDIT_PLANS
    target_model = "organizations.Plan"
    input_type = PlanInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: Plan, data: PlanInput) -> None:
        """Refuses a name that is taken, and numbers that are none."""
        require_plan(data, besides=target.pk)

    def apply(self, *, actor: Actor, target: Plan, data: PlanInput) -> Outcome[Plan]:
        """Saves what differs. A limit that the input does not name has no end any more."""
        if data.for_new and not target.for_new:
            Plan.objects.filter(for_new=True).update(for_new=False)
        columns = columns_of(data)
        columns["features"] = {**target.features, **columns["features"]}
        if columns["limits"].keys() - target.limits.keys():
            for tenant_id in Organization.objects.filter(parent=None, plan=target).values_list("pk", flat=True):
                limits.begin(tenant_id)
        before = _flat({name: getattr(target, name) for name in columns})
        after = _flat(columns)
        for name, value in columns.items():
            setattr(target, name, value)
        target.save(update_fields=list(columns))
        changes = [
            Change(name, before.get(name), after.get(name))
            for name in dict.fromkeys([*before, *after])
            if before.get(name) != after.get(name)
        ]
        return Outcome(target=target, changes=changes)


def _flat(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Each limit and feature as a field of its own."""
    plain = {name: value for name, value in columns.items() if name not in ("limits", "features")}
    return {**plain, **columns["limits"], **{f"feature_{name}": on for name, on in columns["features"].items()}}
