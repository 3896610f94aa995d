"""Erase what a device reported."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.changing_hands import require_there
from fleetfolk.devices.actions.erase_device import forget_reports
from fleetfolk.devices.models import Device, Reported
from fleetfolk.devices.permissions import ORG_DEVICE_DATA_DELETE
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput


class EraseData(Action[Device, NoInput]):
    """Nothing is left of what the device reported: no values, no history, no events. The device stays as it is."""

    code = "device.data.erase"
    label = _("Erase device data")
    said = _("erased the data of %(target)s")
    permission = ORG_DEVICE_DATA_DELETE
    target_model = "devices.Device"
    input_type = NoInput
    risk = Risk.IRREVERSIBLE

    def check(self, *, actor: Actor, target: Device, data: NoInput) -> None:
        """Refuses a deleted device: its data is gone with it."""
        require_there(target)

    def apply(self, *, actor: Actor, target: Device, data: NoInput) -> Outcome[Device]:
        """Empties the latest values first: their row's lock keeps reports waiting until the rest is gone."""
        Reported.objects.filter(device=target).update(values={}, times={}, properties={})
        return Outcome(target=target, facts={"rows": forget_reports(target.pk)})
