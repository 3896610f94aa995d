"""Delete a segment."""

from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.segments.asking import hold_rules_still, segments_named
from fleetfolk.segments.models import Segment, SegmentKind
from fleetfolk.segments.permissions import EDIT_SEGMENTS


@dataclass(frozen=True, kw_only=True, slots=True)
class DeleteSegmentInput:
    """Nothing more is needed."""


class DeleteSegment(Action[Segment, DeleteSegmentInput]):
    """The segment is gone, with who came and went. Nobody who was in it is changed."""

    code = "segment.delete"
    label = _("Delete segment")
    said = _("deleted the segment %(target)s")
    permission = EDIT_SEGMENTS
    target_model = "segments.Segment"
    input_type = DeleteSegmentInput

    def check(self, *, actor: Actor, target: Segment, data: DeleteSegmentInput) -> None:
        """Refuses one that the rules of another ask for."""
        hold_rules_still(target.tenant_id)
        for other in Segment.objects.filter(tenant_id=target.tenant_id, kind=SegmentKind.DYNAMIC).exclude(pk=target.pk):
            if target.pk in segments_named(other.rules, other.of):
                raise Refused("segment_in_use", name=other.name)

    def apply(self, *, actor: Actor, target: Segment, data: DeleteSegmentInput) -> Outcome[Segment]:
        """Deletes it. Its rows go in two statements: there may be millions."""
        key = target.pk
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM segments_member WHERE segment_id = %s", [key])
            cursor.execute("DELETE FROM segments_passage WHERE segment_id = %s", [key])
        target.delete()
        target.pk = key
        return Outcome(target=target, facts={"kind": target.kind, "of": target.of, "members": target.counted})
