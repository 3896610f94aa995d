"""Give a role another place among the others."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.models import Role
from fleetfolk.access.permissions import EDIT_ROLES
from fleetfolk.access.roles import require_over
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, TargetNotFound
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.organizations.limits import RoleEditing, require_role_editing
from fleetfolk.organizations.models import Organization


@dataclass(frozen=True, kw_only=True, slots=True)
class MoveRoleInput:
    """``place`` is counted from 1; beyond the last one is the last one."""

    role_id: int
    place: int


class MoveRole(Action[Organization, MoveRoleInput]):
    """The role stands there in the matrix and wherever a role is chosen. Nobody's rights change.

    Its target is the tenant, not the role: two who move roles at the same moment wait for each other there.
    """

    code = "role.move"
    label = _("Move role")
    said = _("moved the role %(target)s")
    permission = EDIT_ROLES
    target_model = "organizations.Organization"
    input_type = MoveRoleInput

    def check(self, *, actor: Actor, target: Organization, data: MoveRoleInput) -> None:
        """Denies a role that is stronger than the actor's."""
        if target.pk != target.tenant_id:
            raise Denied("roles_are_the_tenants")
        role = Role.objects.filter(tenant=target, pk=data.role_id).first()
        if role is None:
            raise TargetNotFound
        require_over(actor, EDIT_ROLES, role)
        require_role_editing(target.pk, RoleEditing.EDITABLE)

    def apply(self, *, actor: Actor, target: Organization, data: MoveRoleInput) -> Outcome[Role]:  # type: ignore[override]
        """Numbers the tenant's roles anew."""
        locked = Role.objects.filter(tenant=target).order_by("pk").select_for_update(no_key=True)
        roles = sorted(locked, key=lambda role: (role.position, role.name))
        before = next(place for place, role in enumerate(roles) if role.pk == data.role_id)
        after = min(max(data.place, 1), len(roles)) - 1
        roles.insert(after, roles.pop(before))
        for position, role in enumerate(roles):
            role.position = position
        Role.objects.bulk_update(roles, ["position"])
        return Outcome(
            target=roles[after], changes=[] if before == after else [Change("position", before + 1, after + 1)]
        )
