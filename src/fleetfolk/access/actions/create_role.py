"""Make a role of the tenant's own."""

from dataclasses import dataclass

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from fleetfolk.access.models import Role
from fleetfolk.access.permissions import CREATE_ROLES
from fleetfolk.access.roles import require_complete, require_name, require_over
from fleetfolk.access.strength import is_strong
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.limits import RoleEditing, require_role_editing, room
from fleetfolk.organizations.models import Organization


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateRoleInput:
    """``permissions`` are codes of the catalogue, with all that they need."""

    name: str
    permissions: tuple[str, ...] = ()


class CreateRole(Action[Organization, CreateRoleInput]):
    """There is one more role, after the others, which can be given wherever a role can be chosen."""

    code = "role.create"
    label = _("Create role")
    said = _("created the role %(target)s")
    permission = CREATE_ROLES
    target_model = "organizations.Organization"
    input_type = CreateRoleInput

    def risk_of(self, *, target: Organization, data: CreateRoleInput) -> Risk:
        """Who makes a strong role shows first that it is them."""
        return Risk.SENSITIVE if is_strong(data.permissions) else Risk.ORDINARY

    def check(self, *, actor: Actor, target: Organization, data: CreateRoleInput) -> None:
        """Denies what the actor does not hold; refuses a name that is taken, and more roles than the plan allows."""
        if target.pk != target.tenant_id:
            raise Denied("roles_are_the_tenants")
        require_over(actor, CREATE_ROLES, codes=data.permissions)
        require_complete(data.permissions)
        require_name(target.pk, data.name)
        require_role_editing(target.pk, RoleEditing.CUSTOM)
        found = room(target.pk, "roles")
        if found is not None and not found.left:
            raise found.refusal() if found.plan else Refused("too_many_roles", most=found.most)

    def apply(self, *, actor: Actor, target: Organization, data: CreateRoleInput) -> Outcome[Role]:  # type: ignore[override]
        """Creates the role."""
        last = Role.objects.filter(tenant=target).aggregate(last=Max("position"))["last"]
        role = Role.objects.create(
            tenant=target,
            name=data.name,
            permissions=sorted(set(data.permissions)),
            position=0 if last is None else last + 1,
        )
        return Outcome(target=role, facts={"permissions": len(role.permissions)})
