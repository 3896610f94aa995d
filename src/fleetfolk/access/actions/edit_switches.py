"""Switch permissions of a role on and off for one organization and what is below it."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.models import Role
from fleetfolk.access.models_switches import RoleSwitches
from fleetfolk.access.permissions import EDIT_ROLES
from fleetfolk.access.roles import ALWAYS_ALL, require_complete
from fleetfolk.access.switches import MOST_DIFFERING, Placed, placed, require_over_switches, switches_below
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused, TargetNotFound
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.organizations.limits import RoleEditing, require_role_editing
from fleetfolk.organizations.models import Organization


@dataclass(frozen=True, kw_only=True, slots=True)
class EditSwitchesInput:
    """All codes that the role holds there from now on; None is what it holds above. ``below`` ends what differs below.

    ``version`` is that of `placed` as it was looked at, or empty.
    """

    role_id: int
    permissions: tuple[str, ...] | None = None
    below: bool = False
    version: str = ""


class EditSwitches(Action[Organization, EditSwitchesInput]):
    """Whoever has the role there, or below where nothing else is said, holds these permissions from now on.

    Switches that are those above are no difference: the organization then follows what is above.
    """

    code = "role.switches.edit"
    label = _("Change a role for an organization")
    said = _("changed what a role may do in %(target)s")
    permission = EDIT_ROLES
    target_model = "organizations.Organization"
    input_type = EditSwitchesInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: Organization, data: EditSwitchesInput) -> None:
        """Denies what is beyond the actor's; refuses the topmost organization, and what was changed meanwhile."""
        role = _locked(target, data.role_id)
        if target.pk == target.tenant_id:
            raise Refused("switches_of_the_top")
        now = placed(role, target)
        after = now.above if data.permissions is None else frozenset(data.permissions)
        ended = switches_below(role, target).values_list("permissions", flat=True) if data.below else ()
        require_over_switches(actor, EDIT_ROLES, target, (now.held | after).union(*ended))
        require_role_editing(target.tenant_id, RoleEditing.EDITABLE)
        if role.builtin in ALWAYS_ALL:
            raise Refused("role_always_all", name=role.name)
        if data.version and data.version != now.version:
            raise Refused("role_changed_meanwhile", name=role.name)
        require_complete(data.permissions or ())
        if after != now.above and not now.own and role.differs >= MOST_DIFFERING:
            raise Refused("switches_in_many", name=role.name, most=MOST_DIFFERING)

    def apply(self, *, actor: Actor, target: Organization, data: EditSwitchesInput) -> Outcome[Organization]:
        """Saves the codes. Each switch is a change of its own in the log."""
        role = _locked(target, data.role_id)
        now = placed(role, target)
        after = now.above if data.permissions is None else frozenset(data.permissions)
        ended = _end_below(role, target) if data.below else 0
        _save(now, target, after)
        return Outcome(
            target=target,
            changes=[Change(code, code in now.held, code in after) for code in sorted(now.held ^ after)],
            facts={"role": role.name, "as_above": after == now.above, "ended_below": ended},
        )


def _save(now: Placed, target: Organization, after: frozenset[str]) -> None:
    here = RoleSwitches.objects.filter(role=now.role, organization=target)
    if after == now.above:
        here.delete()
    elif now.own:
        here.update(permissions=sorted(after))
    else:
        RoleSwitches.objects.create(
            tenant_id=target.tenant_id, organization=target, role=now.role, permissions=sorted(after)
        )


def _end_below(role: Role, target: Organization) -> int:
    return switches_below(role, target).delete()[0]


def _locked(target: Organization, role_id: int) -> Role:
    """The role, which nobody else changes or deletes meanwhile: neither here nor anywhere else in the tree."""
    role = Role.objects.select_for_update(no_key=True).filter(tenant_id=target.tenant_id, pk=role_id).first()
    if role is None:
        raise TargetNotFound
    return role
