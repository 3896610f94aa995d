"""Give a device an owner."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.changing_hands import give, require_owner, require_there, tell_both
from fleetfolk.devices.models import Device
from fleetfolk.devices.permissions import TRANSFER_DEVICES
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Outcome, readable


@dataclass(frozen=True, kw_only=True, slots=True)
class AssignOwnerInput:
    """The address of somebody who can sign in and whom the actor reaches."""

    email: str


class AssignOwner(Action[Device, AssignOwnerInput]):
    """The person owns the device, which stays in its organization. Whoever owned it before is told, and so are they."""

    code = "device.owner.assign"
    label = _("Set owner")
    said = _("gave %(target)s an owner")
    permission = TRANSFER_DEVICES
    target_model = "devices.Device"
    input_type = AssignOwnerInput

    def check(self, *, actor: Actor, target: Device, data: AssignOwnerInput) -> None:
        """Refuses a deleted device, somebody out of reach, and the present owner."""
        require_there(target)
        owner = require_owner(actor, data.email)
        if owner.pk == target.owner_id:
            raise Refused("owner_already", person=str(owner))

    def apply(self, *, actor: Actor, target: Device, data: AssignOwnerInput) -> Outcome[Device]:
        """Changes the owner; what the one before shared is over."""
        before, owner = target.owner, require_owner(actor, data.email)
        ended = give(target, owner=owner)
        here = target.organization
        tell_both(target, before=(before, here), after=(owner, here), actor=actor)
        changes = [Change("owner", None if before is None else readable(before), str(owner))]
        return Outcome(target=target, changes=changes, facts={"shares_ended": ended})
