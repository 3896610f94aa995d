"""Rules ask nothing that their writer may not see."""

from dataclasses import replace
from typing import Any

import pytest

from fleetfolk.access.grants import grants_of
from fleetfolk.devices.models import Device, Reported
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import ActionError, Denied, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.segments.actions.create_segment import CreateSegment, CreateSegmentInput
from fleetfolk.segments.asking import closed_to
from fleetfolk.segments.models import Population, Segment
from fleetfolk.segments.queries import (
    count_of,
    foreseen,
    members,
    passages,
    passages_of,
    segments_in,
    segments_of,
    segments_open,
    why,
)
from fleetfolk.segments.tests.scenes import created, in_it, named
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of, template_of
from fleetfolk.testing.door import staging
from fleetfolk.users.models import User


class TestWhatOneMayAsk:
    LOG: Any = {"field": "sign_ins", "op": "at_least", "value": 1, "about": {"days": 30}}
    DEVICE: Any = {"field": "device_online", "op": "is", "value": True}

    def _without(self, cast: Cast, *codes: str) -> User:
        with staging():
            role = cast.finn.role
            role.permissions = sorted(set(role.permissions) - set(codes))
            role.pk, role.name, role.builtin = None, "Less", ""
            role.save(force_insert=True)
            User.objects.filter(pk=cast.finn.pk).update(role=role)
        return User.objects.select_related("organization", "role").get(pk=cast.finn.pk)

    def test_who_may_not_read_the_log_cannot_ask_it(self, cast: Cast) -> None:
        finn = self._without(cast, "actionlog.view")
        data = CreateSegmentInput(name="Signed in", rules={"not": self.LOG})
        with pytest.raises(Denied, match="segment_field_denied"):
            perform(CreateSegment, actor=actor(finn), target_id=cast.north.pk, data=data)

    def test_who_may_not_see_devices_cannot_ask_about_them(self, cast: Cast) -> None:
        finn = self._without(cast, "devices.view")
        data = CreateSegmentInput(name="Online", rules=self.DEVICE)
        with pytest.raises(Denied, match="segment_field_denied"):
            perform(CreateSegment, actor=actor(finn), target_id=cast.north.pk, data=data)
        with pytest.raises(Denied, match="permission_missing"):
            perform(
                CreateSegment,
                actor=actor(finn),
                target_id=cast.north.pk,
                data=CreateSegmentInput(name="Pumps", of=Population.DEVICES),
            )

    def test_devices_of_elsewhere_are_not_asked_about(self, cast: Cast) -> None:
        south, _token = device_of(cast.south, "Attic", owner=cast.bob)
        north, _token = device_of(cast.berg, "Cellar", owner=cast.bea)
        other = template_of(cast.lumen, "Boiler")
        with staging():
            Device.objects.filter(pk=south.pk).update(template=other)
            Reported.objects.update(online=True, reported_at=clock.now(), values={"0": True, "2": 20})
        by = actor(cast.finn)
        stream = {"op": "at_least", "value": 5}
        asked = [
            (self.DEVICE, "Bea", "yes"),
            ({"field": "device_reported", "op": "known"}, "Bea", None),
            ({"field": "device_model", "op": "any_of", "value": [north.template_id]}, "Bea", None),
            ({"field": "device_model", "op": "any_of", "value": [other.pk]}, None, None),
            ({"field": f"stream.{north.template_id}.2", **stream}, "Bea", "20"),
            ({"field": f"stream.{other.pk}.2", **stream}, None, None),
            ({"field": "device_segment", "op": "any_of", "value": [self._pumps(cast).pk]}, "Bea", None),
        ]
        for number, (rules, name, now) in enumerate(asked):
            segment = created(by, cast.north, str(number), rules)
            assert in_it(segment) == ({name} if name else set()), rules
            if now:
                assert why(by, segment, cast.bea.pk)[0].is_now == now
            (elsewhere,) = why(by, segment, cast.bob.pk)
            assert (elsewhere.holds, elsewhere.is_now or "") in [(False, ""), (False, "no"), (False, "not known")]
        assert in_it(created(actor(cast.ada), cast.lumen, "Whole", self.DEVICE)) == {"Bea", "Bob"}

    def _pumps(self, cast: Cast) -> Segment:
        """Devices of the whole tenant, put where whoever asks can see it."""
        named_so = {"any": [named("att"), named("cel")]}
        segment = created(actor(cast.ada), cast.lumen, "Pumps", named_so, of=Population.DEVICES)
        within = {"field": "segment", "op": "any_of", "value": [segment.pk]}
        return created(actor(cast.ada), cast.north, "Pumps here", within, of=Population.DEVICES)

    def test_an_owner_elsewhere_is_not_asked_about(self, cast: Cast) -> None:
        device_of(cast.berg, "Cellar", owner=cast.sue)
        device_of(cast.berg, "Hall", owner=cast.bea)
        everybody = created(actor(cast.ada), cast.lumen, "Everybody", {"not": named("zzz")})
        rules = {"field": "owner_segment", "op": "any_of", "value": [everybody.pk]}
        assert in_it(created(actor(cast.ada), cast.north, "Owned", rules, of=Population.DEVICES)) == {"Hall"}

    def test_who_may_not_see_devices_learns_nothing_of_them_by_what_others_asked(self, cast: Cast) -> None:
        device_of(cast.berg, "Cellar", owner=cast.bob)
        by = actor(cast.ada)
        inner = created(by, cast.north, "Quiet", {"not": self.DEVICE})
        through = {"field": "segment", "op": "any_of", "value": [inner.pk]}
        outer = created(by, cast.north, "Outer", through)
        plain = created(by, cast.north, "B", named("b"))
        finn = actor(cast.finn)
        assert closed_to(finn, [inner, outer, plain]) == set()
        assert len(segments_of(finn, cast.bob.pk, "users")) == 3
        less = actor(self._without(cast, "devices.view"))
        for segment in (inner, outer):
            for asking in (members, passages):
                with pytest.raises(Denied, match="segment_members_denied"):
                    asking(less, segment)
            with pytest.raises(Denied, match="segment_members_denied"):
                foreseen(less, segment, named("b"))
            naming = {"field": "segment", "op": "any_of", "value": [segment.pk]}
            with pytest.raises(Denied, match="segment_field_denied"):
                count_of(less, naming, "users", cast.north)
            with pytest.raises(Denied, match="segment_field_denied"):
                perform(
                    CreateSegment,
                    actor=less,
                    target_id=cast.north.pk,
                    data=CreateSegmentInput(name="Mine", rules={"not": naming}),
                )
        assert [reason.holds for reason in why(less, outer, cast.bob.pk)] == [None]
        assert [one.name for one in members(less, plain, typed="bob").rows] == ["Bob Berg"]
        assert set(segments_in(less)) == {inner, outer, plain}
        assert list(segments_open(less)) == [plain]
        assert [one.name for one, _since in segments_of(less, cast.bob.pk, "users")] == ["B"]
        assert [one.segment for one in passages_of(less, cast.bob.pk, "users")] == [plain]

    def test_a_segment_seen_where_one_may_not_see_people_is_not_asked_about(self, cast: Cast) -> None:
        people = created(actor(cast.ada), cast.lumen, "Suspects")
        devices = created(actor(cast.ada), cast.lumen, "Pumps", of=Population.DEVICES)
        grants = grants_of(actor(cast.finn))
        rules: list[tuple[str, dict[str, Any]]] = [
            ("users", {"field": "segment", "op": "any_of", "value": [people.pk]}),
            ("users", {"field": "device_segment", "op": "any_of", "value": [devices.pk]}),
            ("devices", {"field": "owner_segment", "op": "none_of", "value": [people.pk]}),
            ("devices", {"field": "segment", "op": "any_of", "value": [devices.pk]}),
        ]
        above = {"segments.view", "users.view", "devices.view"}
        for missing in ("", "users.view", "devices.view"):
            more = replace(grants[0], path=cast.lumen.path, permissions=frozenset(above - {missing}))
            by = replace(actor(cast.finn), rights=(*grants, more))
            for of, rule in rules:
                named = "devices.view" if rule["value"] == [devices.pk] else "users.view"
                if missing == named:
                    with pytest.raises(Denied, match="segment_field_denied"):
                        count_of(by, rule, of, cast.north)
                else:
                    count_of(by, rule, of, cast.north)

    def test_what_lies_above_counts_as_it_is_asked_there(self, cast: Cast) -> None:
        device_of(cast.south, "Attic", owner=cast.bob)
        above = created(actor(cast.ada), cast.lumen, "Anywhere", self.DEVICE)
        naming = {"field": "segment", "op": "none_of", "value": [above.pk]}
        here = created(actor(cast.ada), cast.north, "Here", naming)
        with pytest.raises(Denied, match="segment_members_denied"):
            members(actor(cast.finn), here)
        assert members(actor(cast.ada), here).rows

    def test_why_says_what_holds_and_hides_what_one_may_not_know(self, cast: Cast) -> None:
        rules = {"all": [named("c"), {"not": {"field": "status", "op": "any_of", "value": ["disabled"]}}, self.LOG]}
        segment = created(actor(cast.ada), cast.north, "C", rules)
        reasons = why(actor(cast.ada), segment, cast.cleo.pk)
        assert [(one.place, one.holds, one.is_now, one.negated) for one in reasons] == [
            ((0,), True, "Cleo Staff", False),
            ((1, 0), False, "Inactive", True),
            ((2,), False, "0", False),
        ]
        assert reasons[0].line == "Name begins with “c”"
        assert reasons[1].line == "Status is one of Disabled"
        hidden = why(actor(self._without(cast, "actionlog.view")), segment, cast.cleo.pk)[2]
        assert (hidden.holds, hidden.is_now) == (None, None)

    def test_nobody_is_told_about_whom_they_may_not_see(self, cast: Cast) -> None:
        segment = created(actor(cast.ada), cast.north, "C", named("c"))
        for person in (cast.sam, cast.eve):
            with pytest.raises(TargetNotFound):
                why(actor(cast.ada), segment, person.pk)
        for who in (cast.sam, cast.eve, cast.bea):
            for asking in (members, passages):
                with pytest.raises(ActionError):
                    asking(actor(who), segment)
            assert list(segments_in(actor(who))) == []
            assert segments_of(actor(who), cast.cleo.pk, "users") == []
