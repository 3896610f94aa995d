"""Give a device another name."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.changing_hands import require_there
from fleetfolk.devices.fitting import is_one_line
from fleetfolk.devices.models import Device
from fleetfolk.devices.permissions import ORG_DEVICES_EDIT
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Outcome

LONGEST_NAME = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class RenameDeviceInput:
    """The name, in one line."""

    name: str


class RenameDevice(Action[Device, RenameDeviceInput]):
    """The device is called so."""

    code = "device.rename"
    label = _("Rename device")
    said = _("renamed %(target)s")
    permission = ORG_DEVICES_EDIT
    target_model = "devices.Device"
    input_type = RenameDeviceInput
    assistable = True

    def check(self, *, actor: Actor, target: Device, data: RenameDeviceInput) -> None:
        """Refuses a deleted device, and what is no name."""
        require_there(target)
        require_name(data.name)

    def apply(self, *, actor: Actor, target: Device, data: RenameDeviceInput) -> Outcome[Device]:
        """Saves the name where it is another."""
        before = target.name
        if before == data.name:
            return Outcome(target=target)
        target.name = data.name
        target.save(update_fields=["name"])
        return Outcome(target=target, changes=[Change("name", before, data.name)])


def require_name(name: str) -> None:
    """Refuses what is no name, whatever the door: names stand in lists, in logs and in the subjects of mails."""
    if not name or len(name) > LONGEST_NAME or not is_one_line(name):
        raise Refused("device_name_unfit", longest=LONGEST_NAME)
