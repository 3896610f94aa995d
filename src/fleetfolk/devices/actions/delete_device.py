"""Delete a device, restorable for a while."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.changing_hands import require_there
from fleetfolk.devices.models import RESTORABLE_FOR, Device
from fleetfolk.devices.permissions import ORG_DEVICES_DELETE
from fleetfolk.devices.sides import for_organization
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput


class DeleteDevice(Action[Device, NoInput]):
    """The device is refused at its next request and is in no list; for seven days it can be restored."""

    code = "device.delete"
    label = _("Delete device")
    said = _("deleted %(target)s")
    permission = ORG_DEVICES_DELETE
    target_model = "devices.Device"
    input_type = NoInput

    def check(self, *, actor: Actor, target: Device, data: NoInput) -> None:
        """Refuses what is deleted already."""
        require_there(target)

    def apply(self, *, actor: Actor, target: Device, data: NoInput) -> Outcome[Device]:
        """Starts the days of grace. Nothing else changes, so that restoring brings everything back."""
        now = clock.now()
        target.deleted_at = now
        target.deleted_by_organization = for_organization(actor, target, self.permission)
        target.save(update_fields=["deleted_at", "deleted_by_organization"])
        return Outcome(target=target, facts={"erased_after": (now + RESTORABLE_FOR).isoformat()})
