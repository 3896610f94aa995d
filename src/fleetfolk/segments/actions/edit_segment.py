"""Change a segment."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Fact, Outcome, changes_between
from fleetfolk.segments.actions.create_segment import require_name
from fleetfolk.segments.asking import hold_rules_still, require_askable, require_sight
from fleetfolk.segments.conditions import parse, written
from fleetfolk.segments.models import Segment
from fleetfolk.segments.permissions import EDIT_SEGMENTS


@dataclass(frozen=True, kw_only=True, slots=True)
class EditSegmentInput:
    """A name of up to 60 characters, and new rules; without them those that are there stay."""

    name: str
    rules: Any = None


class EditSegment(Action[Segment, EditSegmentInput]):
    """The segment is called so. With new rules it is counted anew at once."""

    code = "segment.edit"
    label = _("Edit segment")
    said = _("changed the segment %(target)s")
    permission = EDIT_SEGMENTS
    target_model = "segments.Segment"
    input_type = EditSegmentInput

    def check(self, *, actor: Actor, target: Segment, data: EditSegmentInput) -> None:
        """Refuses a name that is taken, rules without sense or in a circle, and what the actor may not ask."""
        hold_rules_still(target.tenant_id)
        require_name(target.organization, data.name, besides=target.pk)
        require_sight(actor, target.of, target.organization)
        if data.rules is None:
            return
        if not target.is_dynamic:
            raise Refused("segment_by_hand", segment=target.name)
        require_askable(actor, data.rules, target.of, target.organization, segment_id=target.pk)

    def apply(self, *, actor: Actor, target: Segment, data: EditSegmentInput) -> Outcome[Segment]:
        """Changes it, and says who did."""
        changes = changes_between(target, {"name": data.name})
        rules = target.rules if data.rules is None else written(parse(data.rules))
        ruled = rules != target.rules
        facts: dict[str, Fact] = {"rules": "changed"} if ruled else {}
        if not changes and not ruled:
            return Outcome(target=target)
        target.name, target.rules = data.name, rules
        target.edition += ruled
        target.changed_at, target.changed_by_id, target.changed_by_label = clock.now(), actor.user_id, actor.label[:140]
        target.save(update_fields=["name", "rules", "edition", "changed_at", "changed_by_id", "changed_by_label"])
        if ruled:
            enqueue("segments.count", segment_id=target.pk)
        return Outcome(target=target, changes=changes, facts=facts)
