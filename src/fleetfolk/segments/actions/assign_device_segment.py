"""Put a device into a segment."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.models import Device
from fleetfolk.devices.permissions import ORG_DEVICES_EDIT
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Alike, Outcome
from fleetfolk.segments.membership import all_at_once, enter, reached, require_by_hand
from fleetfolk.segments.models import Population


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceSegmentInput:
    """The key of a segment chosen by hand, of the device's organization or one above it."""

    segment_id: int


class AssignDeviceSegment(Action[Device, DeviceSegmentInput]):
    """The device is in the segment."""

    code = "device.segment.assign"
    label = _("Add device to segment")
    said = _("put %(target)s into a segment")
    permission = ORG_DEVICES_EDIT
    target_model = "devices.Device"
    input_type = DeviceSegmentInput

    def check(self, *, actor: Actor, target: Device, data: DeviceSegmentInput) -> None:
        """Refuses a segment that follows rules, and one that does not reach so far or that the actor may not see."""
        require_by_hand(actor, data.segment_id, Population.DEVICES, target)

    def apply(self, *, actor: Actor, target: Device, data: DeviceSegmentInput) -> Outcome[Device]:
        """Puts them in once."""
        segment = require_by_hand(actor, data.segment_id, Population.DEVICES, target)
        changed = enter(segment, [target.pk])
        return Outcome(target=target, facts={"segment": segment.name} if changed else {})

    def fitting(self, *, actor: Actor, targets: QuerySet[Device], data: DeviceSegmentInput) -> QuerySet[Device]:
        """Those to whom the segment reaches."""
        return reached(actor, data.segment_id, Population.DEVICES, targets)

    def apply_alike(self, *, actor: Actor, ids: Sequence[int], data: DeviceSegmentInput) -> Sequence[Alike]:
        """Puts them in once."""
        return all_at_once(enter, actor=actor, segment_id=data.segment_id, of=Population.DEVICES, model=Device, ids=ids)
