"""Change the role or the end of a guest."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.gate import GATE
from fleetfolk.access.models_guests import Membership, MembershipState
from fleetfolk.access.permissions import EDIT_GUESTS
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Outcome, readable
from fleetfolk.users.actions.invite_user import risk_of_role
from fleetfolk.users.guests import require_end


@dataclass(frozen=True, kw_only=True, slots=True)
class EditGuestInput:
    """Role and end as they shall be."""

    role_id: int
    ends_at: dt.datetime | None = None


class EditGuest(Action[Membership, EditGuestInput]):
    """The guest has this role until this end; what it gives or takes holds from the next request on."""

    code = "guest.edit"
    label = _("Change guest")
    said = _("changed what the guest %(target)s may do")
    permission = EDIT_GUESTS
    target_model = "access.Membership"
    input_type = EditGuestInput

    def risk_of(self, *, target: Membership, data: EditGuestInput) -> Risk:
        """Who gives a strong role shows first that it is them."""
        return Risk.ORDINARY if target.role_id == data.role_id else risk_of_role(target.tenant_id, data.role_id)

    def check(self, *, actor: Actor, target: Membership, data: EditGuestInput) -> None:
        """Denies a role that holds more than the actor does; refuses one that is over, and an end in the past."""
        GATE.require_giveable(actor, EDIT_GUESTS, target.organization, data.role_id)
        if target.state == MembershipState.OVER:
            raise Refused("guest_over")
        require_end(data.ends_at)

    def apply(self, *, actor: Actor, target: Membership, data: EditGuestInput) -> Outcome[Membership]:
        """Saves what differs."""
        before = target.role.name
        changes = []
        if target.role_id != data.role_id:
            target.role = type(target.role).objects.get(pk=data.role_id)
            changes.append(Change("role", before, target.role.name))
        if target.ends_at != data.ends_at:
            changes.append(Change("ends_at", readable(target.ends_at), readable(data.ends_at)))
            target.ends_at = data.ends_at
        if changes:
            target.save(update_fields=["role", "ends_at"])
        return Outcome(target=target, changes=changes)
