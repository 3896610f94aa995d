"""Let a device in again, or count it as in use before it connects."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.changing_hands import require_there
from fleetfolk.devices.models import Device, DeviceState
from fleetfolk.devices.permissions import ORG_DEVICES_EDIT
from fleetfolk.devices.sides import may_activate, require_undoable
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput


class ActivateDevice(Action[Device, NoInput]):
    """The device is let in at its next request."""

    code = "device.activate"
    label = _("Activate device")
    said = _("activated %(target)s")
    permission = ORG_DEVICES_EDIT
    target_model = "devices.Device"
    input_type = NoInput

    def check(self, *, actor: Actor, target: Device, data: NoInput) -> None:
        """Refuses a deleted device, one that is active already, and what its organization did and others would undo."""
        require_there(target)
        require_undoable(may_activate(actor, target), target)
        if target.state == DeviceState.ACTIVE:
            raise Refused("device_active_already", name=target.name)

    def apply(self, *, actor: Actor, target: Device, data: NoInput) -> Outcome[Device]:
        """Takes the mark away, and remembers since when it is in use."""
        target.deactivated_at, target.deactivated_by_organization = None, False
        target.activated_at = target.activated_at or clock.now()
        target.save(update_fields=["deactivated_at", "deactivated_by_organization", "activated_at"])
        return Outcome(target=target)
