"""Samples of segments."""

from typing import Any

from fleetfolk.kernel.actor import system_actor
from fleetfolk.organizations.models import Organization
from fleetfolk.segments.actions.assign_device_segment import DeviceSegmentInput
from fleetfolk.segments.actions.assign_segment import SegmentInput
from fleetfolk.segments.actions.create_segment import CreateSegmentInput
from fleetfolk.segments.actions.delete_segment import DeleteSegmentInput
from fleetfolk.segments.actions.edit_segment import EditSegmentInput
from fleetfolk.segments.actions.move_segment import MoveSegmentInput
from fleetfolk.segments.actions.reset_members import ResetMembersInput
from fleetfolk.segments.models import Population, Segment, SegmentKind
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.samples_devices import cellar
from fleetfolk.testing.sampling import Sample, Samples, cleo, north

SIGNED_IN = {"field": "last_sign_in", "op": "last", "value": 30}


def segment_of(
    organization: Organization, name: str = "Winter check", *, of: str = Population.USERS, rules: Any = None
) -> Segment:
    """The organization's segment of this name; without rules it is chosen by hand."""
    about = {"of": of, "rules": rules, "kind": SegmentKind.STATIC if rules is None else SegmentKind.DYNAMIC}
    with staging():
        found, _created = Segment.objects.select_related("organization").get_or_create(
            tenant_id=organization.tenant_id, organization=organization, name=name, defaults=about
        )
    return found


def of_north(cast: Cast, data: Any, *, rules: Any = None) -> Sample:
    """Something that Ada may do to a segment of North."""
    return Sample(target_id=segment_of(cast.north, rules=rules).pk, data=data, permitted=actor(cast.ada))


def _device(cast: Cast) -> Sample:
    segment = segment_of(cast.north, of=Population.DEVICES)
    data = DeviceSegmentInput(segment_id=segment.pk)
    return Sample(target_id=cellar(cast).pk, data=data, permitted=actor(cast.ada))


def _counted(cast: Cast) -> Sample:
    segment = segment_of(cast.north, rules=SIGNED_IN)
    by = system_actor("counter", tenant_id=cast.lumen.pk)
    return Sample(target_id=segment.pk, data=ResetMembersInput(edition=segment.edition), permitted=by)


SAMPLES: Samples = {
    "segment.create": lambda cast: north(cast, CreateSegmentInput(name="Comfort Plus", rules=SIGNED_IN)),
    "segment.edit": lambda cast: of_north(cast, EditSegmentInput(name="Summer check", rules=None)),
    "segment.delete": lambda cast: of_north(cast, DeleteSegmentInput()),
    "segment.move": lambda cast: of_north(cast, MoveSegmentInput()),
    "segment.members.reset": _counted,
    "user.segment.assign": lambda cast: cleo(cast, SegmentInput(segment_id=segment_of(cast.north).pk)),
    "user.segment.revoke": lambda cast: cleo(cast, SegmentInput(segment_id=segment_of(cast.north).pk)),
    "device.segment.assign": _device,
    "device.segment.revoke": _device,
}
