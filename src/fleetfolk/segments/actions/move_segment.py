"""Put a segment elsewhere in the order."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.gate import GATE
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.segments.models import STEP, Segment
from fleetfolk.segments.permissions import EDIT_SEGMENTS, VIEW_SEGMENTS


@dataclass(frozen=True, kw_only=True, slots=True)
class MoveSegmentInput:
    """The key of the segment that it comes before; None puts it last."""

    before_id: int | None = None


class MoveSegment(Action[Segment, MoveSegmentInput]):
    """It stands there in the order of the tenant's segments of the same, for everybody. The others keep theirs."""

    code = "segment.move"
    label = _("Order segments")
    said = _("moved the segment %(target)s")
    permission = EDIT_SEGMENTS
    target_model = "segments.Segment"
    input_type = MoveSegmentInput

    def check(self, *, actor: Actor, target: Segment, data: MoveSegmentInput) -> None:
        """Refuses to go before what is not there for the actor."""
        if data.before_id is None:
            return
        beside = Segment.objects.filter(pk=data.before_id, of=target.of).exclude(pk=target.pk)
        if not GATE.within_reach(beside, actor=actor, permission=VIEW_SEGMENTS).exists():
            raise Refused("segment_gone_from_here")

    def apply(self, *, actor: Actor, target: Segment, data: MoveSegmentInput) -> Outcome[Segment]:
        """Gives it a number between its new neighbours; where none is left, numbers all anew."""
        rows = Segment.objects.filter(tenant_id=target.tenant_id, of=target.of).order_by("position", "pk")
        order = list(rows.exclude(pk=target.pk))
        keys = [other.pk for other in order]
        place = len(order) if data.before_id is None else keys.index(data.before_id)
        low = order[place - 1].position if place else -1
        high = order[place].position if place < len(order) else low + 2 * STEP
        if high - low < 2:
            for number, other in enumerate([*order[:place], target, *order[place:]]):
                other.position = number * STEP
                other.save(update_fields=["position"])
        else:
            target.position = max(0, (low + high) // 2)
            target.save(update_fields=["position"])
        return Outcome(target=target, facts={"place": place + 1})
