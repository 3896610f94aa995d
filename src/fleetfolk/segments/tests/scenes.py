"""What the tests of segments share."""

from typing import Any

from fleetfolk.devices.models import Device
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.segments.actions.create_segment import CreateSegment, CreateSegmentInput
from fleetfolk.segments.models import Member, Passage, Population, Segment
from fleetfolk.segments.tasks import count_segment
from fleetfolk.users.models import User


def named(word: str) -> dict[str, Any]:
    """A line: the name begins so."""
    return {"field": "name", "op": "begins", "value": word}


def created(
    by: Actor, organization: Organization, name: str, rules: Any = None, *, of: str = Population.USERS
) -> Segment:
    """The segment, made through its Action and counted."""
    data = CreateSegmentInput(name=name, of=of, rules=rules)
    outcome = perform(CreateSegment, actor=by, target_id=organization.pk, data=data)
    return counted(Segment.objects.get(name=name, organization_id=outcome.target.pk))


def counted(segment: Segment) -> Segment:
    """The segment after it was counted."""
    count_segment(Segment.objects.select_related("organization").get(pk=segment.pk))
    return Segment.objects.select_related("organization").get(pk=segment.pk)


def in_it(segment: Segment) -> set[str]:
    """The first names of its people, or the names of its devices."""
    keys = list(Member.objects.filter(segment=segment).values_list("target_id", flat=True))
    if segment.of == Population.USERS:
        return set(User.objects.filter(pk__in=keys).values_list("first_name", flat=True))
    return set(Device.objects.filter(pk__in=keys).values_list("name", flat=True))


def passed(segment: Segment) -> list[tuple[int, bool]]:
    """Who entered and left, in order."""
    return list(Passage.objects.filter(segment=segment).order_by("pk").values_list("target_id", "entered"))
