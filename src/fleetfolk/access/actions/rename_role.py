"""Call a role something else."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.models import Role
from fleetfolk.access.permissions import EDIT_ROLES
from fleetfolk.access.roles import require_name, require_over
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome, changes_between
from fleetfolk.organizations.limits import RoleEditing, require_role_editing


@dataclass(frozen=True, kw_only=True, slots=True)
class RenameRoleInput:
    """A name that no other role of the tenant has."""

    name: str


class RenameRole(Action[Role, RenameRoleInput]):
    """The role is called so in the whole tree. Built-in ones can be renamed, too."""

    code = "role.rename"
    label = _("Rename role")
    said = _("renamed a role to %(target)s")
    permission = EDIT_ROLES
    target_model = "access.Role"
    input_type = RenameRoleInput

    def check(self, *, actor: Actor, target: Role, data: RenameRoleInput) -> None:
        """Denies a role that is stronger than the actor's; refuses a name that is taken."""
        require_over(actor, EDIT_ROLES, target)
        require_role_editing(target.tenant_id, RoleEditing.EDITABLE)
        require_name(target.tenant_id, data.name, besides=target)

    def apply(self, *, actor: Actor, target: Role, data: RenameRoleInput) -> Outcome[Role]:
        """Saves the name; the database writes it to the people of the role."""
        changes = changes_between(target, {"name": data.name})
        if changes:
            target.name = data.name
            target.save(update_fields=["name"])
        return Outcome(target=target, changes=changes)
