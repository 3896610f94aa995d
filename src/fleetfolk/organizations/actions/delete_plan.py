"""Offer a plan no more."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.models import Organization, Plan
from fleetfolk.organizations.permissions import EDIT_PLANS


@dataclass(frozen=True, kw_only=True, slots=True)
class DeletePlanInput:
    """Nothing more is needed."""


class DeletePlan(Action[Plan, DeletePlanInput]):
    """The plan is gone."""

    code = "plan.delete"
    label = _("Delete plan")
    said = _("deleted the plan %(target)s")
    permission = EDIT_PLANS
    target_model = "organizations.Plan"
    input_type = DeletePlanInput

    def check(self, *, actor: Actor, target: Plan, data: DeletePlanInput) -> None:
        """Refuses a plan that tenants have."""
        count = Organization.objects.filter(parent=None, plan=target).count()
        if count:
            raise Refused("plan_used", name=target.name, count=count)

    def apply(self, *, actor: Actor, target: Plan, data: DeletePlanInput) -> Outcome[Plan]:
        """Deletes it. The log still says which it was."""
        key = target.pk
        target.delete()
        target.pk = key
        return Outcome(target=target)
