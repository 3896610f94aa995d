"""Say which role the people of a directory's group have."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.gate import GATE
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.scim.models import Group
from fleetfolk.scim.permissions import EDIT_SCIM
from fleetfolk.scim.rights import require_hands
from fleetfolk.users.permissions import INVITE_USERS


@dataclass(frozen=True, kw_only=True, slots=True)
class AssignGroupInput:
    """The role, or none."""

    role_id: int | None


class AssignGroup(Action[Group, AssignGroupInput]):
    """Whom the directory puts into the group from now on gets the role. Who is in it already is another change."""

    code = "scim.group.assign"
    label = _("Give a directory's group a role")
    said = _("gave the group %(target)s a role")
    permission = EDIT_SCIM
    target_model = "scim.Group"
    input_type = AssignGroupInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: Group, data: AssignGroupInput) -> None:
        """Denies keys, and a role that is stronger than the actor; refuses one that the directory may not give."""
        require_hands(actor)
        if data.role_id is None:
            return
        role = GATE.require_giveable(actor, INVITE_USERS, target.organization, data.role_id)
        if not target.client.roles.filter(pk=role.pk).exists():
            raise Refused("scim_role", role=role.name)

    def apply(self, *, actor: Actor, target: Group, data: AssignGroupInput) -> Outcome[Group]:
        """Keeps it."""
        before = target.role.name if target.role else None
        target.role_id = data.role_id
        target.save(update_fields=["role"])
        after = target.role.name if target.role else None
        return Outcome(target=target, changes=[] if before == after else [Change("role", before, after)])
