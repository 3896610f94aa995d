"""Create a segment."""

import unicodedata
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations import limits
from fleetfolk.organizations.models import Organization
from fleetfolk.segments.asking import hold_rules_still, require_askable, require_sight
from fleetfolk.segments.conditions import parse, written
from fleetfolk.segments.models import STEP, Population, Segment, SegmentKind
from fleetfolk.segments.permissions import EDIT_SEGMENTS

LONGEST_NAME: Final = 60
MOST: Final = 200
"""So many segments an organization can have."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateSegmentInput:
    """A name of up to 60 characters, what it is of, and its rules; without rules it is chosen by hand."""

    name: str
    of: str = Population.USERS
    rules: Any = None


class CreateSegment(Action[Organization, CreateSegmentInput]):
    """The organization has one more segment, last in order. One by rules is counted at once."""

    code = "segment.create"
    label = _("Create segment")
    said = _("created a segment in %(target)s")
    permission = EDIT_SEGMENTS
    target_model = "organizations.Organization"
    input_type = CreateSegmentInput

    def check(self, *, actor: Actor, target: Organization, data: CreateSegmentInput) -> None:
        """Refuses a name that is none or taken, rules without sense, what the actor may not ask, and one too many."""
        hold_rules_still(target.tenant_id)
        if data.of not in Population.values:
            raise Refused("segment_wrong_kind")
        require_name(target, data.name)
        if Segment.objects.filter(organization=target).count() >= MOST:
            raise Refused("segments_full", most=MOST)
        require_sight(actor, data.of, target)
        if data.rules is not None:
            require_askable(actor, data.rules, data.of, target)
        limits.require(target.tenant_id, "segments")

    def apply(self, *, actor: Actor, target: Organization, data: CreateSegmentInput) -> Outcome[Organization]:
        """Creates it."""
        dynamic = data.rules is not None
        beside = Segment.objects.filter(tenant_id=target.tenant_id, of=data.of)
        last = beside.aggregate(last=Max("position"))["last"]
        created = Segment.objects.create(
            tenant_id=target.tenant_id,
            organization=target,
            name=data.name,
            of=data.of,
            kind=SegmentKind.DYNAMIC if dynamic else SegmentKind.STATIC,
            rules=written(parse(data.rules)) if dynamic else None,
            position=STEP if last is None else last + STEP,
            created_by_id=actor.user_id,
            created_by_label=actor.label[:140],
            counted=None if dynamic else 0,
            counted_at=None if dynamic else clock.now(),
        )
        if dynamic:
            enqueue("segments.count", segment_id=created.pk)
        return Outcome(
            target=target,
            facts={"segment": created.name, "segment_id": created.pk, "of": created.of, "kind": created.kind},
        )


def require_name(organization: Organization, name: str, *, besides: int = 0) -> None:
    """Refuses what is no name, and one that another segment of the organization has, in whatever case."""
    hidden = any(unicodedata.category(character).startswith("C") for character in name)
    if not name or len(name) > LONGEST_NAME or name != name.strip() or hidden:
        raise Refused("segment_name")
    if Segment.objects.filter(organization=organization, name__iexact=name).exclude(pk=besides).exists():
        raise Refused("segment_name_taken", name=name, organization=organization.name)
