"""Take a device's owner away."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.changing_hands import give, require_there, tell_staff
from fleetfolk.devices.models import Device
from fleetfolk.devices.permissions import TRANSFER_DEVICES
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.mail import notify


class RevokeOwner(Action[Device, NoInput]):
    """Nobody owns the device; it stays in its organization.

    Whoever owned it is told. Who gives up their own device tells the Admins of its organization.
    """

    code = "device.owner.revoke"
    label = _("Remove owner")
    said = _("removed the owner of %(target)s")
    permission = TRANSFER_DEVICES
    target_model = "devices.Device"
    input_type = NoInput

    def check(self, *, actor: Actor, target: Device, data: NoInput) -> None:
        """Refuses a deleted device, and one without an owner."""
        require_there(target)
        if target.owner is None:
            raise Refused("owner_none")
        self._owner = target.owner

    def apply(self, *, actor: Actor, target: Device, data: NoInput) -> Outcome[Device]:
        """Empties the owner; what they shared is over."""
        ended = give(target, owner=None)
        if self._owner.pk == actor.user_id:
            tell_staff(target, "device_left", by=actor)
        else:
            about = {"device": target.name, "organization": target.organization.name, "by": actor.label}
            notify(self._owner, "device_gone", **about)
        return Outcome(target=target, changes=[Change("owner", str(self._owner), None)], facts={"shares_ended": ended})
