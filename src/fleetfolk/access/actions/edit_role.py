"""Switch permissions of a role on and off."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.models import Role
from fleetfolk.access.permissions import EDIT_ROLES
from fleetfolk.access.roles import ALWAYS_ALL, require_complete, require_over, version_of
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.organizations.limits import RoleEditing, require_role_editing


@dataclass(frozen=True, kw_only=True, slots=True)
class EditRoleInput:
    """All codes that the role holds from now on. ``version`` is `version_of` the role that was looked at, or empty."""

    permissions: tuple[str, ...]
    version: str = ""


class EditRole(Action[Role, EditRoleInput]):
    """Whoever has the role holds these permissions from their next request on."""

    code = "role.edit"
    label = _("Edit role")
    said = _("changed what the role %(target)s may do")
    permission = EDIT_ROLES
    target_model = "access.Role"
    input_type = EditRoleInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: Role, data: EditRoleInput) -> None:
        """Denies a role, and permissions, beyond the actor's; refuses one that somebody else changed meanwhile."""
        require_over(actor, EDIT_ROLES, target, codes=data.permissions)
        require_role_editing(target.tenant_id, RoleEditing.EDITABLE)
        if target.builtin in ALWAYS_ALL:
            raise Refused("role_always_all", name=target.name)
        if data.version and data.version != version_of(target):
            raise Refused("role_changed_meanwhile", name=target.name)
        require_complete(data.permissions)

    def apply(self, *, actor: Actor, target: Role, data: EditRoleInput) -> Outcome[Role]:
        """Saves the codes. Each switch is a change of its own in the log."""
        before, after = set(target.permissions), set(data.permissions)
        changes = [Change(code, code in before, code in after) for code in sorted(before ^ after)]
        if changes:
            target.permissions = sorted(after)
            target.save(update_fields=["permissions"])
        return Outcome(target=target, changes=changes)
