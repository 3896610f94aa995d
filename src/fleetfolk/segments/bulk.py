"""Putting many who were chosen into a segment that is chosen by hand, and taking them out."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from fleetfolk.jobs.bulk import BulkAct, BulkForm, Rule, register_bulk
from fleetfolk.kernel.actor import Actor
from fleetfolk.segments.actions.assign_segment import AssignSegment, SegmentInput
from fleetfolk.segments.actions.revoke_segment import RevokeSegment
from fleetfolk.segments.membership import by_hand
from fleetfolk.segments.models import Member, Population, SegmentKind
from fleetfolk.segments.queries import segments_in
from fleetfolk.users.bulk import USERS
from fleetfolk.users.bulk_forms import one_of

type Chosen = Mapping[str, Any]


class SegmentForm(BulkForm):
    """Which segment, of those chosen by hand."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = segments_in(self.actor).filter(of=Population.USERS, kind=SegmentKind.STATIC)
        choices = [(str(one.pk), one.name) for one in found.order_by("position", "pk")]
        hint = "" if choices else _("There is no segment chosen by hand yet. Create one on the page of segments first.")
        self.fields["segment_id"] = one_of(_("Segment"), choices, hint=hint)


def _input(chosen: Chosen) -> SegmentInput:
    return SegmentInput(segment_id=chosen["segment_id"])


def _inside(chosen: Chosen) -> Q:
    return Q(Exists(Member.objects.filter(target_id=OuterRef("pk"), segment=chosen["segment_id"])))


def _elsewhere(actor: Actor, chosen: Chosen) -> Rule:
    segment = by_hand(actor, chosen["segment_id"], Population.USERS)
    where = ~Q(path__startswith=segment.path) if segment else Q(pk__isnull=False)
    return Rule(reason="segment_elsewhere", where=where)


def _add_rules(actor: Actor, chosen: Chosen) -> list[Rule]:
    inside = Rule(reason="bulk_unchanged", where=_inside(chosen), unchanged=True, said=_("Is in the segment already"))
    return [_elsewhere(actor, chosen), inside]


def _remove_rules(actor: Actor, chosen: Chosen) -> list[Rule]:
    outside = Rule(reason="bulk_unchanged", where=~_inside(chosen), unchanged=True, said=_("Is not in the segment"))
    return [_elsewhere(actor, chosen), outside]


register_bulk(
    BulkAct(
        of=USERS,
        code="segment",
        label=_("Add to segment"),
        icon="chart-pie",
        heading=ngettext_lazy("Add %(total)s user to a segment", "Add %(total)s users to a segment", "count"),
        action=AssignSegment,
        input=_input,
        form=SegmentForm,
        rules=_add_rules,
        undo="unsegment",
        prominent=True,
    )
)
register_bulk(
    BulkAct(
        of=USERS,
        code="unsegment",
        label=_("Remove from segment"),
        icon="chart-pie",
        heading=ngettext_lazy("Take %(total)s user out of a segment", "Take %(total)s users out of a segment", "count"),
        action=RevokeSegment,
        input=_input,
        form=SegmentForm,
        rules=_remove_rules,
        undo="segment",
    )
)
