"""What segments and tags refuse, case by case."""

import pytest

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.each import perform_each
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Tag
from fleetfolk.segments.actions.assign_device_segment import DeviceSegmentInput
from fleetfolk.segments.actions.create_segment import MOST
from fleetfolk.segments.actions.delete_segment import DeleteSegment
from fleetfolk.segments.actions.edit_segment import EditSegment, EditSegmentInput
from fleetfolk.segments.actions.revoke_device_segment import RevokeDeviceSegment
from fleetfolk.segments.membership import enter
from fleetfolk.segments.models import Member, Population, Segment, SegmentKind
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.door import staging
from fleetfolk.testing.refusals import Change, after, given, refuses
from fleetfolk.testing.samples import SAMPLES
from fleetfolk.testing.samples_segments import SIGNED_IN, segment_of
from fleetfolk.testing.sampling import Sample


def _full(cast: Cast, _sample: Sample) -> None:
    Segment.objects.bulk_create(
        Segment(tenant=cast.lumen, organization=cast.north, name=f"S {number}", of="users", kind=SegmentKind.STATIC)
        for number in range(MOST)
    )


def _unseen(cast: Cast, _sample: Sample) -> None:
    role = cast.ada.role
    role.permissions = sorted({*role.permissions} - {"users.view"})
    role.save(update_fields=["permissions"])


def _rules_for_devices(cast: Cast) -> int:
    return segment_of(
        cast.north, "By rules", of=Population.DEVICES, rules={"field": "name", "op": "begins", "value": "x"}
    ).pk


def _rules_for_people(cast: Cast) -> int:
    return segment_of(cast.north, "By rules", rules=SIGNED_IN).pk


def _of_devices(cast: Cast) -> int:
    return segment_of(cast.north, "Of devices", of=Population.DEVICES).pk


def _of_people(cast: Cast) -> int:
    return segment_of(cast.north, "Of people").pk


def _of_south(cast: Cast) -> int:
    return segment_of(cast.south).pk


def _another_so_called(_cast: Cast, sample: Sample) -> None:
    tag = Tag.objects.get(pk=sample.target_id)
    Tag.objects.create(tenant_id=tag.tenant_id, organization_id=tag.organization_id, name=sample.data.name)


def _tag_of_south(cast: Cast) -> int:
    with staging():
        return Tag.objects.create(tenant=cast.lumen, organization=cast.south, name="South").pk


CASES: list[tuple[str, Change, str]] = [
    ("segment.create", given(of="places"), "segment_wrong_kind"),
    ("segment.create", after(_full), "segments_full"),
    ("segment.create", after(_unseen), "permission_missing"),
    ("segment.edit", given(name=lambda cast: segment_of(cast.north, "Taken").name), "segment_name_taken"),
    ("segment.edit", given(rules=SIGNED_IN), "segment_by_hand"),
    ("segment.edit", after(_unseen), "permission_missing"),
    ("user.segment.assign", given(segment_id=_rules_for_people), "segment_by_rules"),
    ("user.segment.assign", given(segment_id=_of_devices), "segment_elsewhere"),
    ("user.segment.assign", given(segment_id=_of_south), "segment_elsewhere"),
    ("user.segment.revoke", given(segment_id=_rules_for_people), "segment_by_rules"),
    ("device.segment.assign", given(segment_id=_rules_for_devices), "segment_by_rules"),
    ("device.segment.assign", given(segment_id=_of_people), "segment_elsewhere"),
    ("device.segment.assign", given(segment_id=_of_south), "segment_elsewhere"),
    ("device.segment.revoke", given(segment_id=_rules_for_devices), "segment_by_rules"),
    ("tag.edit", given(name=" "), "tag_unfit"),
    ("tag.edit", given(name="x" * 25), "tag_unfit"),
    ("tag.edit", given(colour=99), "tag_unfit"),
    ("tag.edit", after(_another_so_called), "tag_name_taken"),
    ("user.tag.assign", given(tag_id=_tag_of_south), "tag_elsewhere"),
    ("device.tag.assign", given(tag_id=_tag_of_south), "device_tag_elsewhere"),
]


@pytest.mark.parametrize(("code", "change", "reason"), CASES)
def test_it_is_refused(cast: Cast, code: str, change: Change, reason: str) -> None:
    refuses(cast, code, change, reason)


def test_a_segment_goes_that_no_other_asks_for(cast: Cast) -> None:
    kept = segment_of(cast.north, "By rules", rules=SIGNED_IN)
    sample = SAMPLES["segment.delete"](cast)
    perform(DeleteSegment, actor=sample.permitted, target_id=sample.target_id, data=sample.data)
    assert list(Segment.objects.filter(tenant=cast.lumen)) == [kept]


def test_a_segment_that_is_saved_as_it_was_is_not_counted_anew(cast: Cast) -> None:
    segment = segment_of(cast.north, rules=SIGNED_IN)
    data = EditSegmentInput(name=segment.name, rules=SIGNED_IN)
    done = perform(EditSegment, actor=actor(cast.ada), target_id=segment.pk, data=data)
    assert not done.changes
    assert not done.facts
    assert Segment.objects.get(pk=segment.pk).edition == segment.edition


def test_many_devices_leave_a_segment_at_once(cast: Cast) -> None:
    places = {"One": cast.north, "Two": cast.north, "Elsewhere": cast.south}
    devices = [device_of(place, name)[0] for name, place in places.items()]
    segment = segment_of(cast.north, of=Population.DEVICES)
    with staging():
        assert enter(segment, [device.pk for device in devices[:2]]) == {device.pk for device in devices[:2]}
    data = DeviceSegmentInput(segment_id=segment.pk)
    outcome = perform_each(
        RevokeDeviceSegment, actor=actor(cast.ada), target_ids=[device.pk for device in devices], data=data
    )
    assert set(outcome.done) == {device.pk for device in devices[:2]}
    assert not Member.objects.filter(segment=segment).exists()
    told = Entry.objects.filter(code="device.segment.revoke", result="done")
    assert set(told.values_list("target_id", flat=True)) == {device.pk for device in devices[:2]}
