"""Give a tenant a plan."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.organizations import limits
from fleetfolk.organizations.actions.create_plan import require_installation
from fleetfolk.organizations.models import Organization, OrganizationKind, Plan
from fleetfolk.organizations.permissions import EDIT_PLANS


@dataclass(frozen=True, kw_only=True, slots=True)
class AssignPlanInput:
    """Which tenant, by the key of its root, and which plan; None takes the plan away, so that nothing is limited."""

    tenant_id: int
    plan_id: int | None


class AssignPlan(Action[Organization, AssignPlanInput]):
    """The tenant may have from now on what the plan allows. What is there beyond it stays; no more is added."""

    code = "tenant.plan.assign"
    label = _("Assign plan")
    said = _("gave a tenant a plan")
    permission = EDIT_PLANS
    target_model = "organizations.Organization"
    input_type = AssignPlanInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: Organization, data: AssignPlanInput) -> None:
        """Refuses any other place than the installation, what is no tenant, and a plan that is not there."""
        require_installation(target)
        tenants = Organization.objects.filter(parent=None).exclude(kind=OrganizationKind.INSTALLATION)
        if not tenants.filter(pk=data.tenant_id).exists():
            raise Refused("plan_for_root")
        if data.plan_id is not None and not Plan.objects.filter(pk=data.plan_id).exists():
            raise Refused("plan_gone")

    def apply(self, *, actor: Actor, target: Organization, data: AssignPlanInput) -> Outcome[Organization]:
        """Saves it at the tenant's root."""
        roots = Organization.objects.select_for_update(no_key=True, of=("self",))
        root = roots.get(pk=data.tenant_id, parent=None)
        plan = None if data.plan_id is None else Plan.objects.get(pk=data.plan_id)
        before, after = _name_of(root.plan_id), plan.name if plan else None
        if plan is not None:
            limits.begin(root.pk)
        root.plan = plan
        root.save(update_fields=["plan"])
        changes = [Change("plan", before, after)] if before != after else []
        return Outcome(target=target, changes=changes, facts={"tenant": root.name, "tenant_id": root.pk})


def _name_of(plan_id: int | None) -> str | None:
    return None if plan_id is None else Plan.objects.get(pk=plan_id).name
