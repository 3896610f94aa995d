"""The operator's segments: two of people and one of devices by rules, one chosen by hand; counted day by day."""

import datetime as dt

from fleetfolk.demo.clients import Device
from fleetfolk.demo.stage import Stage
from fleetfolk.devices.models import Template
from fleetfolk.kernel import clock
from fleetfolk.segments.actions.assign_segment import AssignSegment, SegmentInput
from fleetfolk.segments.actions.create_segment import CreateSegment, CreateSegmentInput
from fleetfolk.segments.models import Population, Segment, SegmentKind
from fleetfolk.segments.tasks import count_segment
from fleetfolk.users.models import User

UNSEEN = "Not seen for 30 days"
SILENT = "Offline heat pumps"
OWNERS = "Owners of offline heat pumps"
TESTERS = "Beta testers"

DAYS = 12
"""So long ago the segments were created."""
OTHER_TESTERS = 7
_MINUTE = dt.timedelta(minutes=1)


def tell_of_segments(stage: Stage, customer: User, *, by: str, device: Device, now: dt.datetime) -> None:
    """The segments are there, the customer tests with others, and each was counted every day up to now."""
    at = (now - dt.timedelta(days=DAYS)).replace(hour=9, minute=20, second=0, microsecond=0)

    def create(name: str, data: CreateSegmentInput, *, after: int) -> Segment:
        stage.do(
            CreateSegment,
            data,
            key=f"segment.{name}",
            at=at + after * _MINUTE,
            by=by,
            target_id=stage.root.pk,
            device=device,
        )
        return Segment.objects.get(organization=stage.root, of=data.of, name=data.name)

    unseen = {
        "all": [
            {"field": "last_sign_in", "op": "ago", "value": 30},
            {"field": "status", "op": "none_of", "value": ["disabled", "deletion"]},
        ]
    }
    create("unseen", CreateSegmentInput(name=UNSEEN, rules=unseen), after=0)
    pump = Template.objects.get(tenant=stage.root, name="Heat pump")
    offline = {
        "all": [
            {"field": "model", "op": "any_of", "value": [pump.pk]},
            {"field": "state", "op": "any_of", "value": ["active"]},
            {"field": "online", "op": "is", "value": False},
        ]
    }
    silent = create("silent", CreateSegmentInput(name=SILENT, of=Population.DEVICES, rules=offline), after=4)
    owning = {"all": [{"field": "device_segment", "op": "any_of", "value": [silent.pk]}]}
    create("owners", CreateSegmentInput(name=OWNERS, rules=owning), after=7)
    testers = create("testers", CreateSegmentInput(name=TESTERS), after=11)
    for number, person in enumerate(_testers(stage, customer), start=1):
        stage.do(
            AssignSegment,
            SegmentInput(segment_id=testers.pk),
            key=f"segment.tester.{number}",
            at=at + (12 + number) * _MINUTE,
            by=by,
            target_id=person.pk,
            device=device,
        )
    _count(stage, began=at, now=now)


def _testers(stage: Stage, customer: User) -> list[User]:
    """The customer, and others who have simulated devices."""
    owners = User.objects.filter(tenant=stage.root, is_active=True, devices__serial__startswith="LH26").distinct()
    return [customer, *owners.exclude(pk=customer.pk).order_by("pk")[:OTHER_TESTERS]]


def _count(stage: Stage, *, began: dt.datetime, now: dt.datetime) -> None:
    """Counted once a day and once more now, each time as of then; what was counted before an interruption stays."""
    moments = [*(began + dt.timedelta(days=day, minutes=30) for day in range(DAYS)), now]
    by_rules = Segment.objects.select_related("organization").filter(tenant=stage.root, kind=SegmentKind.DYNAMIC)
    for segment in by_rules.order_by("pk"):
        for moment in moments:
            if segment.counted_at is None or segment.counted_at < moment:
                with clock.at(moment):
                    count_segment(segment)
