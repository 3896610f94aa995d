"""Offer one more plan on the installation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.limits import LIMITS, RoleEditing
from fleetfolk.organizations.models import Organization, OrganizationKind, Plan
from fleetfolk.organizations.permissions import EDIT_PLANS

LONGEST: Final = 40
LONGEST_CONTACT: Final = 120
MOST_LIMIT: Final = 1_000_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanInput:
    """A name of up to 40 characters; numbers by the codes of limits, None being without end; and what of roles.

    ``sign_up`` says whether people sign up by themselves; None leaves that as it is, which is yes of a new plan.
    """

    name: str
    limits: Mapping[str, int | None] = field(default_factory=dict)
    roles: RoleEditing = RoleEditing.CUSTOM
    contact: str = ""
    for_new: bool = False
    sign_up: bool | None = None


class CreatePlan(Action[Organization, PlanInput]):
    """There is one more plan, last in order, that no tenant has."""

    code = "plan.create"
    label = _("Create plan")
    said = _("created a plan")
    permission = EDIT_PLANS
    target_model = "organizations.Organization"
    input_type = PlanInput

    def check(self, *, actor: Actor, target: Organization, data: PlanInput) -> None:
        """Refuses any other place than the installation, a name that is taken, and numbers that are none."""
        require_installation(target)
        require_plan(data)

    def apply(self, *, actor: Actor, target: Organization, data: PlanInput) -> Outcome[Organization]:
        """Creates it."""
        if data.for_new:
            Plan.objects.filter(for_new=True).update(for_new=False)
        last = Plan.objects.aggregate(last=Max("position"))["last"] or 0
        created = Plan.objects.create(tenant=target, position=last + 1, **columns_of(data))
        return Outcome(target=target, facts={"plan": created.name, "plan_id": created.pk})


def require_installation(target: Organization) -> None:
    """Refuses any other place than the installation itself."""
    if target.kind != OrganizationKind.INSTALLATION:
        raise Refused("not_the_installation")


def require_plan(data: PlanInput, *, besides: int = 0) -> None:
    """Refuses what is no name, one that another plan has, and limits that are not known or no number."""
    name = data.name
    fits = 0 < len(name) <= LONGEST and name == name.strip() and name.isprintable()
    said = len(data.contact) <= LONGEST_CONTACT and data.contact.isprintable()
    numbers = all(
        code in LIMITS and (number is None or 0 <= number <= MOST_LIMIT) for code, number in data.limits.items()
    )
    if not (fits and said and numbers):
        raise Refused("plan_unfit", most=MOST_LIMIT)
    if Plan.objects.filter(name__iexact=name).exclude(pk=besides).exists():
        raise Refused("plan_name_taken", name=name)


def columns_of(data: PlanInput) -> dict[str, Any]:
    """What a plan keeps of the input."""
    features: dict[str, Any] = {"roles": RoleEditing(data.roles).value}
    if data.sign_up is not None:
        features["sign_up"] = data.sign_up
    return {
        "name": data.name,
        "limits": {code: number for code, number in data.limits.items() if number is not None},
        "features": features,
        "contact": data.contact,
        "for_new": data.for_new,
    }
