"""A device signs in for the first time."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.models import Device, DeviceState, Provisioning
from fleetfolk.devices.permissions import ORG_DEVICES_CREATE
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome, changes_between


@dataclass(frozen=True, kw_only=True, slots=True)
class StartConnectionInput:
    """What the device says of itself: its template's public id and its firmware, both empty where it does not."""

    template: str = ""
    firmware: str = ""


class StartConnection(Action[Device, StartConnectionInput]):
    """The device is in use, and its setting up over its own Wi-Fi is finished if it had one."""

    code = "device.connection.start"
    label = _("Connect for the first time")
    said = _("connected %(target)s")
    permission = ORG_DEVICES_CREATE
    target_model = "devices.Device"
    input_type = StartConnectionInput

    def check(self, *, actor: Actor, target: Device, data: StartConnectionInput) -> None:
        """Refuses devices that are out of use or of another template, and those that were not set up in time."""
        if target.state >= DeviceState.DEACTIVATED:
            raise Refused("command_device_off", name=target.name)
        if data.template and data.template != target.template.public_id:
            raise Refused("connection_template", name=target.name)
        late = Provisioning.objects.filter(device=target, done_at=None, expires_at__lte=clock.now())
        if target.state == DeviceState.WAITING and late.exists():
            raise Refused("connection_late", name=target.name)

    def apply(self, *, actor: Actor, target: Device, data: StartConnectionInput) -> Outcome[Device]:
        """Activates."""
        now = clock.now()
        values = {"activated_at": target.activated_at or now, "firmware": data.firmware or target.firmware}
        changes = changes_between(target, values)
        for name, value in values.items():
            setattr(target, name, value)
        target.save(update_fields=list(values))
        Provisioning.objects.filter(device=target, done_at=None).update(done_at=now)
        return Outcome(target=target, changes=changes)
