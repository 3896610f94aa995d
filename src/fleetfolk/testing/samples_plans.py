"""Samples of developer mode, and of what the installation's operator alone does."""

from fleetfolk.access.models import BuiltinRole, Role
from fleetfolk.organizations.actions import AssignPlanInput, DeletePlanInput, PlanInput
from fleetfolk.organizations.models import Organization, OrganizationKind, Plan
from fleetfolk.testing.cast import Cast, accept, actor, invite
from fleetfolk.testing.door import staging
from fleetfolk.testing.sampling import Sample, Samples
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User


def switched(cast: Cast, *, on: bool) -> Sample:
    """The developer mode of Finn, who may build templates by his role."""
    with staging():
        User.objects.filter(pk=cast.finn.pk).update(developer=not on)
    return Sample(target_id=cast.finn.pk, data=NoInput(), permitted=actor(cast.ada))


SAMPLES: Samples = {
    "user.developer.enable": lambda cast: switched(cast, on=True),
    "user.developer.disable": lambda cast: switched(cast, on=False),
}


def by_operator(target_id: int | None, data: object) -> Sample:
    """What a Super Admin does, at the installation itself where ``target_id`` is None."""
    installation = Organization.objects.get(kind=OrganizationKind.INSTALLATION)
    olga = accept(invite(installation, "Olga Operator", Role.objects.get(builtin=BuiltinRole.SUPER_ADMIN)))
    return Sample(target_id=target_id or installation.pk, data=data, permitted=actor(olga))


def _free() -> int:
    return Plan.objects.get(name="Free").pk


OPERATORS: Samples = {
    "plan.create": lambda _cast: by_operator(None, PlanInput(name="Huge")),
    "plan.edit": lambda _cast: by_operator(_free(), PlanInput(name="Gratis")),
    "plan.delete": lambda _cast: by_operator(_free(), DeletePlanInput()),
    "tenant.plan.assign": lambda cast: by_operator(None, AssignPlanInput(tenant_id=cast.lumen.pk, plan_id=_free())),
}
