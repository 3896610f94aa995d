"""Take a tag off a device."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.assign_device_tag import DeviceTagInput
from fleetfolk.devices.models import Device, DeviceTag
from fleetfolk.devices.permissions import ORG_DEVICES_EDIT
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome


class RevokeDeviceTag(Action[Device, DeviceTagInput]):
    """The device no longer carries the tag."""

    code = "device.tag.revoke"
    label = _("Remove tag from device")
    said = _("untagged %(target)s")
    permission = ORG_DEVICES_EDIT
    target_model = "devices.Device"
    input_type = DeviceTagInput

    def apply(self, *, actor: Actor, target: Device, data: DeviceTagInput) -> Outcome[Device]:
        """Removes it where it is there."""
        held = DeviceTag.objects.select_related("tag").filter(device=target, tag_id=data.tag_id).first()
        if held is None:
            return Outcome(target=target)
        held.delete()
        return Outcome(target=target, facts={"tag": held.tag.name})
