"""Put a tag on a device."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.models import Device, DeviceTag
from fleetfolk.devices.permissions import ORG_DEVICES_EDIT
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.tag_uses import tag_for


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceTagInput:
    """The key of a tag of the device's organization or one above it."""

    tag_id: int


class AssignDeviceTag(Action[Device, DeviceTagInput]):
    """The device carries the tag."""

    code = "device.tag.assign"
    label = _("Add tag to device")
    said = _("tagged %(target)s")
    permission = ORG_DEVICES_EDIT
    target_model = "devices.Device"
    input_type = DeviceTagInput

    def check(self, *, actor: Actor, target: Device, data: DeviceTagInput) -> None:
        """Refuses a tag that the device's organization does not know."""
        if tag_for(target, data.tag_id) is None:
            raise Refused("device_tag_elsewhere")

    def apply(self, *, actor: Actor, target: Device, data: DeviceTagInput) -> Outcome[Device]:
        """Adds it once."""
        tag = tag_for(target, data.tag_id)
        DeviceTag.objects.get_or_create(tenant_id=target.tenant_id, device=target, tag=tag)
        return Outcome(target=target, facts={"tag": str(tag)})
