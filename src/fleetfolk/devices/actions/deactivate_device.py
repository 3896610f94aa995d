"""Cut a device off."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.changing_hands import require_there
from fleetfolk.devices.models import Device, DeviceState
from fleetfolk.devices.permissions import ORG_DEVICES_EDIT
from fleetfolk.devices.sides import for_organization
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import ReasonInput


class DeactivateDevice(Action[Device, ReasonInput]):
    """The device is refused at its next request, until it is activated again. Nothing of it is deleted."""

    code = "device.deactivate"
    label = _("Deactivate device")
    said = _("deactivated %(target)s")
    permission = ORG_DEVICES_EDIT
    target_model = "devices.Device"
    input_type = ReasonInput

    def check(self, *, actor: Actor, target: Device, data: ReasonInput) -> None:
        """Refuses a deleted device, and one that is deactivated already."""
        require_there(target)
        if target.state == DeviceState.DEACTIVATED:
            raise Refused("device_deactivated_already", name=target.name)

    def apply(self, *, actor: Actor, target: Device, data: ReasonInput) -> Outcome[Device]:
        """Marks it, and on whose side; whoever lets devices in looks here each time."""
        target.deactivated_at = clock.now()
        target.deactivated_by_organization = for_organization(actor, target, self.permission)
        target.save(update_fields=["deactivated_at", "deactivated_by_organization"])
        return Outcome(target=target, facts={"reason": data.reason})
