"""Segments: made, named, ordered, deleted, counted, and filled by hand."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel.actor import system_actor
from fleetfolk.kernel.each import perform_each
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.segments.actions.assign_device_segment import AssignDeviceSegment, DeviceSegmentInput
from fleetfolk.segments.actions.assign_segment import AssignSegment, SegmentInput
from fleetfolk.segments.actions.create_segment import CreateSegment, CreateSegmentInput
from fleetfolk.segments.actions.delete_segment import DeleteSegment, DeleteSegmentInput
from fleetfolk.segments.actions.edit_segment import EditSegment, EditSegmentInput
from fleetfolk.segments.actions.move_segment import MoveSegment, MoveSegmentInput
from fleetfolk.segments.actions.reset_members import ResetMembers, ResetMembersInput
from fleetfolk.segments.actions.revoke_segment import RevokeSegment
from fleetfolk.segments.models import Member, Passage, Population, Segment
from fleetfolk.segments.queries import (
    foreseen,
    members,
    passages,
    segments_in,
    segments_of,
)
from fleetfolk.segments.tasks import count_all
from fleetfolk.segments.tests.scenes import counted, created, in_it, named, passed
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.door import staging
from fleetfolk.testing.samples_segments import segment_of
from fleetfolk.users.activity import SOURCES
from fleetfolk.users.models import User
from fleetfolk.users.personal import registered


def put(cast: Cast, segment: Segment, person: User, *, by: User | None = None) -> None:
    data = SegmentInput(segment_id=segment.pk)
    perform(AssignSegment, actor=actor(by or cast.ada), target_id=person.pk, data=data)


def test_a_segment_by_rules_has_whom_they_name(cast: Cast) -> None:
    segment = created(actor(cast.ada), cast.north, "C", named("c"))
    assert in_it(segment) == {"Cleo"}
    assert (segment.counted, segment.kind) == (1, "dynamic")
    assert passed(segment) == [(cast.cleo.pk, True)]
    entry = Entry.objects.filter(code="segment.members.reset").latest("at", "id")
    assert entry.facts == {"members": 1, "entered": 1, "left": 0}


def test_who_no_longer_fits_leaves_and_it_is_noted(cast: Cast) -> None:
    segment = created(actor(cast.ada), cast.north, "C", named("c"))
    with staging():
        User.objects.filter(pk=cast.cleo.pk).update(first_name="Maria")
        User.objects.filter(pk=cast.finn.pk).update(first_name="Carl")
    assert in_it(counted(segment)) == {"Carl"}
    assert sorted(passed(segment)[1:]) == sorted([(cast.finn.pk, True), (cast.cleo.pk, False)])


def test_where_nothing_changes_nothing_is_logged(cast: Cast) -> None:
    segment = created(actor(cast.ada), cast.north, "C", named("c"))
    entries = Entry.objects.count()
    again = counted(segment)
    assert again.counted_at is not None
    assert segment.counted_at is not None
    assert again.counted_at > segment.counted_at
    assert Entry.objects.count() == entries


def test_rules_that_were_changed_meanwhile_are_not_counted_by(cast: Cast) -> None:
    segment = created(actor(cast.ada), cast.north, "C", named("c"))
    data = EditSegmentInput(name="B", rules=named("b"))
    perform(EditSegment, actor=actor(cast.ada), target_id=segment.pk, data=data)
    with pytest.raises(Denied, match="segment_counted_by_itself"):
        perform(ResetMembers, actor=actor(cast.ada), target_id=segment.pk, data=ResetMembersInput(edition=2))
    by = system_actor("counter", tenant_id=cast.lumen.pk)
    with pytest.raises(Refused, match="segment_changed"):
        perform(ResetMembers, actor=by, target_id=segment.pk, data=ResetMembersInput(edition=1))
    assert in_it(counted(segment)) == {"Bob", "Bea"}


def test_one_that_cannot_be_counted_does_not_keep_others_from_it(cast: Cast) -> None:
    broken = segment_of(cast.north, "Broken", rules={"field": "gone", "op": "is", "value": "x"})
    fine = segment_of(cast.south, "Fine", rules=named("s"))
    count_all.func(0)
    assert in_it(fine) == {"Sam", "Sue"}
    assert in_it(broken) == set()
    assert Segment.objects.get(pk=broken.pk).counted is None


def test_who_is_erased_is_in_no_segment_and_no_history(cast: Cast) -> None:
    segment = created(actor(cast.ada), cast.north, "Friends")
    put(cast, segment, cast.bob)
    put(cast, segment, cast.bea)
    for part in registered():
        if part.model in ("segments.Member", "segments.Passage") and part.wipe and part.export:
            assert [record["segment"] for record in part.export(cast.bob)] == ["Friends"]
            with staging():
                assert part.wipe(cast.bob, "Erased person 1") == 1
    assert passed(segment) == [(cast.bea.pk, True)]
    assert in_it(segment) == {"Bea"}


@pytest.mark.parametrize("name", ["", "x" * 61, " before", "two\nlines", "hidden\u200b"])
def test_what_is_no_name_is_refused(cast: Cast, name: str) -> None:
    with pytest.raises(Refused, match="segment_name"):
        perform(CreateSegment, actor=actor(cast.ada), target_id=cast.north.pk, data=CreateSegmentInput(name=name))


def test_a_name_is_taken_in_whatever_case(cast: Cast) -> None:
    created(actor(cast.ada), cast.north, "Winter")
    with pytest.raises(Refused, match="segment_name_taken"):
        perform(CreateSegment, actor=actor(cast.ada), target_id=cast.north.pk, data=CreateSegmentInput(name="WINTER"))
    created(actor(cast.ada), cast.south, "Winter")


class TestByHand:
    def test_who_is_put_in_is_in_and_who_is_taken_out_is_not(self, cast: Cast) -> None:
        segment = created(actor(cast.ada), cast.north, "Friends")
        put(cast, segment, cast.bob)
        put(cast, segment, cast.bob)
        assert [one.name for one in members(actor(cast.ada), segment).rows] == ["Bob Berg"]
        assert [one.name for one, _since in segments_of(actor(cast.ada), cast.bob.pk, "users")] == ["Friends"]
        assert Segment.objects.get(pk=segment.pk).counted == 1
        data = SegmentInput(segment_id=segment.pk)
        perform(RevokeSegment, actor=actor(cast.ada), target_id=cast.bob.pk, data=data)
        assert passed(segment) == [(cast.bob.pk, True), (cast.bob.pk, False)]
        assert Segment.objects.get(pk=segment.pk).counted == 0

    def test_nobody_is_put_into_what_follows_rules_or_does_not_reach_so_far(self, cast: Cast) -> None:
        by_rules = created(actor(cast.ada), cast.north, "C", named("c"))
        of_devices = created(actor(cast.ada), cast.north, "Pumps", of=Population.DEVICES)
        elsewhere = created(actor(cast.ada), cast.south, "South")
        for segment, reason in (
            (by_rules, "segment_by_rules"),
            (of_devices, "segment_elsewhere"),
            (elsewhere, "segment_elsewhere"),
        ):
            with pytest.raises(Refused, match=reason):
                put(cast, segment, cast.bob)

    def test_a_segment_that_one_may_not_see_is_not_told_apart_from_none(self, cast: Cast) -> None:
        above = created(actor(cast.ada), cast.lumen, "Everybody's")
        for key in (above.pk, 99_999_999):
            with pytest.raises(Refused, match="segment_elsewhere"):
                perform(AssignSegment, actor=actor(cast.finn), target_id=cast.bob.pk, data=SegmentInput(segment_id=key))

    def test_many_at_once_are_as_one_after_the_other(self, cast: Cast) -> None:
        segment = created(actor(cast.ada), cast.north, "Friends")
        put(cast, segment, cast.bob)
        who = [cast.bob.pk, cast.bea.pk, cast.cleo.pk, cast.sam.pk, cast.eve.pk]
        data = SegmentInput(segment_id=segment.pk)
        outcome = perform_each(AssignSegment, actor=actor(cast.ada), target_ids=who, data=data)
        assert set(outcome.done) == {cast.bob.pk, cast.bea.pk, cast.cleo.pk}
        assert {key: error.reason for key, error in outcome.refused.items()} == {
            cast.sam.pk: "segment_elsewhere",
            cast.eve.pk: "not_found",
        }
        assert in_it(segment) == {"Bob", "Bea", "Cleo"}
        assert Segment.objects.get(pk=segment.pk).counted == 3
        outcome = perform_each(RevokeSegment, actor=actor(cast.ada), target_ids=who, data=data)
        assert len(outcome.done) == 3
        assert in_it(segment) == set()

    def test_who_is_moved_away_leaves_at_the_next_count(self, cast: Cast) -> None:
        segment = created(actor(cast.ada), cast.berg, "Friends")
        put(cast, segment, cast.bob)
        with staging():
            User.objects.filter(pk=cast.bob.pk).update(organization=cast.south)
        assert members(actor(cast.ada), segment).rows == []
        assert counted(segment).counted == 0

    def test_devices_are_put_in_and_forgotten_when_they_are_gone(self, cast: Cast) -> None:
        segment = created(actor(cast.ada), cast.north, "Pumps", of=Population.DEVICES)
        device, _token = device_of(cast.berg, "Cellar")
        data = DeviceSegmentInput(segment_id=segment.pk)
        perform(AssignDeviceSegment, actor=actor(cast.ada), target_id=device.pk, data=data)
        assert in_it(segment) == {"Cellar"}
        assert [one.name for one in members(actor(cast.ada), segment).rows] == ["Cellar"]
        with staging(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM devices_reported WHERE device_id = %s", [device.pk])
            cursor.execute("DELETE FROM devices_device WHERE id = %s", [device.pk])
        assert passed(segment) == []
        assert not Member.objects.filter(segment=segment).exists()


class TestNested:
    def test_a_segment_can_ask_for_others_of_people_and_of_devices(self, cast: Cast) -> None:
        by = actor(cast.ada)
        device_of(cast.berg, "Cellar", owner=cast.bob)
        device_of(cast.south, "Attic", owner=cast.sue)
        friends = created(by, cast.north, "Friends")
        put(cast, friends, cast.bea)
        pumps = created(by, cast.north, "Pumps", named("cel"), of=Population.DEVICES)
        both = {
            "any": [
                {"field": "segment", "op": "any_of", "value": [friends.pk]},
                {"field": "device_segment", "op": "any_of", "value": [pumps.pk]},
            ]
        }
        outer = created(by, cast.lumen, "Both", both)
        assert in_it(outer) == {"Bob", "Bea"}
        owned = {"field": "owner_segment", "op": "none_of", "value": [outer.pk]}
        assert in_it(created(by, cast.lumen, "Not theirs", owned, of=Population.DEVICES)) == {"Attic"}

    def test_no_circle_is_saved_and_none_is_counted(self, cast: Cast) -> None:
        by = actor(cast.ada)
        first = created(by, cast.lumen, "First", named("c"))
        second = created(by, cast.lumen, "Second", {"field": "segment", "op": "any_of", "value": [first.pk]})
        round_again = {"not": {"field": "segment", "op": "any_of", "value": [second.pk]}}
        itself = {"field": "segment", "op": "any_of", "value": [first.pk]}
        for rules in (round_again, itself):
            data = EditSegmentInput(name="First", rules=rules)
            with pytest.raises(Refused, match="segment_cycle"):
                perform(EditSegment, actor=by, target_id=first.pk, data=data)
        with staging():
            Segment.objects.filter(pk=first.pk).update(rules=round_again)
        with pytest.raises(Refused, match="segment_cycle"):
            counted(second)

    def test_segments_lie_in_each_other_only_so_deep(self, cast: Cast) -> None:
        by = actor(cast.ada)
        inner = created(by, cast.lumen, "0", named("c"))
        for number in range(1, 6):
            inner = created(by, cast.lumen, str(number), {"field": "segment", "op": "any_of", "value": [inner.pk]})
        asking = {"field": "segment", "op": "any_of", "value": [inner.pk]}
        assert in_it(inner) == {"Cleo"}
        with pytest.raises(Refused, match="segment_nested_deep"):
            created(by, cast.lumen, "6", asking)

    def test_one_that_others_ask_for_is_not_deleted(self, cast: Cast) -> None:
        by = actor(cast.ada)
        inner = created(by, cast.lumen, "Inner")
        outer = created(by, cast.lumen, "Outer", {"field": "segment", "op": "none_of", "value": [inner.pk]})
        with pytest.raises(Refused, match="segment_in_use"):
            perform(DeleteSegment, actor=by, target_id=inner.pk, data=DeleteSegmentInput())
        perform(DeleteSegment, actor=by, target_id=outer.pk, data=DeleteSegmentInput())
        perform(DeleteSegment, actor=by, target_id=inner.pk, data=DeleteSegmentInput())
        assert not Segment.objects.filter(tenant=cast.lumen).exists()
        assert not Passage.objects.exists()


def test_what_saving_would_do_is_foreseen(cast: Cast) -> None:
    segment = created(actor(cast.ada), cast.north, "B", named("b"))
    told = foreseen(actor(cast.ada), segment, {"any": [named("bob"), named("cleo")]})
    assert (told.total, told.entering, told.leaving) == (2, 1, 1)


def test_members_and_passages_are_paged_by_key(cast: Cast) -> None:
    segment = created(actor(cast.ada), cast.north, "All", {"not": named("zzz")})
    everybody = set(User.objects.filter(path__startswith=cast.north.path).values_list("pk", flat=True))
    for asking in (members, passages):
        found, after = [], ""
        while True:
            page = asking(actor(cast.ada), segment, after=after, size=2)
            found += [one.target_id for one in page.rows]
            after = page.next_after
            if not after:
                break
        assert len(found) == len(everybody)
        assert set(found) == everybody
    assert [one.name for one in members(actor(cast.ada), segment, typed="berg bob").rows] == ["Bob Berg"]


def test_the_order_is_everybodys_and_others_keep_theirs(cast: Cast) -> None:
    by = actor(cast.ada)
    keys = [created(by, place, name).pk for place, name in ((cast.north, "a"), (cast.south, "b"), (cast.north, "c"))]

    def order(viewer: User) -> list[str]:
        return list(segments_in(actor(viewer)).order_by("position", "pk").values_list("name", flat=True))

    perform(MoveSegment, actor=by, target_id=keys[2], data=MoveSegmentInput(before_id=keys[0]))
    assert order(cast.ada) == ["c", "a", "b"]
    for _again in range(24):
        perform(MoveSegment, actor=by, target_id=keys[2], data=MoveSegmentInput(before_id=keys[1]))
        perform(MoveSegment, actor=by, target_id=keys[0], data=MoveSegmentInput(before_id=keys[1]))
    assert order(cast.ada) == ["c", "a", "b"]
    perform(MoveSegment, actor=by, target_id=keys[2], data=MoveSegmentInput())
    assert order(cast.finn) == ["a", "c"]
    data = MoveSegmentInput(before_id=keys[1])
    with pytest.raises(Refused, match="segment_gone_from_here"):
        perform(MoveSegment, actor=actor(cast.finn), target_id=keys[0], data=data)


def test_entries_and_exits_are_in_the_persons_stream(cast: Cast) -> None:
    segment = created(actor(cast.ada), cast.north, "C", named("c"))
    passage = Passage.objects.get(segment=segment)
    found = SOURCES["segment"].read(
        actor(cast.ada),
        cast.cleo,
        since=passage.at - timedelta(hours=1),
        until=passage.at + timedelta(hours=1),
        before=None,
        limit=5,
    )
    assert [one.sentence for one in found] == ["Entered the segment C"]


def test_the_database_keeps_what_happened(cast: Cast) -> None:
    segment = created(actor(cast.ada), cast.north, "C", named("c"))
    for statement in ("UPDATE segments_passage SET entered = false", "TRUNCATE segments_passage"):
        with pytest.raises(DatabaseError), transaction.atomic(), staging(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert passed(segment) == [(cast.cleo.pk, True)]


def test_an_organization_of_another_tenant_has_no_segments_here(cast: Cast) -> None:
    evil = Organization.objects.get(name="Evil Corp")
    segment_of(evil, "Theirs")
    assert not segments_in(actor(cast.ada)).exists()
