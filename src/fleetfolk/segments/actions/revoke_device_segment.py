"""Take a device out of a segment."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.models import Device
from fleetfolk.devices.permissions import ORG_DEVICES_EDIT
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Alike, Outcome
from fleetfolk.segments.actions.assign_device_segment import DeviceSegmentInput
from fleetfolk.segments.membership import all_at_once, leave, reached, require_by_hand
from fleetfolk.segments.models import Population


class RevokeDeviceSegment(Action[Device, DeviceSegmentInput]):
    """The device is no longer in the segment."""

    code = "device.segment.revoke"
    label = _("Remove device from segment")
    said = _("took %(target)s out of a segment")
    permission = ORG_DEVICES_EDIT
    target_model = "devices.Device"
    input_type = DeviceSegmentInput

    def check(self, *, actor: Actor, target: Device, data: DeviceSegmentInput) -> None:
        """Refuses a segment that follows rules, and one that does not reach so far or that the actor may not see."""
        require_by_hand(actor, data.segment_id, Population.DEVICES, target)

    def apply(self, *, actor: Actor, target: Device, data: DeviceSegmentInput) -> Outcome[Device]:
        """Takes them out where they are in."""
        segment = require_by_hand(actor, data.segment_id, Population.DEVICES, target)
        changed = leave(segment, [target.pk])
        return Outcome(target=target, facts={"segment": segment.name} if changed else {})

    def fitting(self, *, actor: Actor, targets: QuerySet[Device], data: DeviceSegmentInput) -> QuerySet[Device]:
        """Those to whom the segment reaches."""
        return reached(actor, data.segment_id, Population.DEVICES, targets)

    def apply_alike(self, *, actor: Actor, ids: Sequence[int], data: DeviceSegmentInput) -> Sequence[Alike]:
        """Takes them out where they are in."""
        return all_at_once(leave, actor=actor, segment_id=data.segment_id, of=Population.DEVICES, model=Device, ids=ids)
