"""Putting many who were chosen into a segment that is chosen by hand, and taking them out."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from fleetfolk.devices.bulk import DEVICES
from fleetfolk.jobs.bulk import BulkAct, BulkForm, Rule, register_bulk
from fleetfolk.kernel.actor import Actor
from fleetfolk.segments.actions.assign_device_segment import AssignDeviceSegment, DeviceSegmentInput
from fleetfolk.segments.actions.assign_segment import AssignSegment, SegmentInput
from fleetfolk.segments.actions.revoke_device_segment import RevokeDeviceSegment
from fleetfolk.segments.actions.revoke_segment import RevokeSegment
from fleetfolk.segments.membership import by_hand
from fleetfolk.segments.models import Member, Population, SegmentKind
from fleetfolk.segments.queries import segments_in
from fleetfolk.users.bulk import USERS
from fleetfolk.users.bulk_forms import one_of

type Chosen = Mapping[str, Any]


class SegmentForm(BulkForm):
    """Which segment, of those chosen by hand."""

    population = Population.USERS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = segments_in(self.actor).filter(of=self.population, kind=SegmentKind.STATIC)
        choices = [(str(one.pk), one.name) for one in found.order_by("position", "pk")]
        hint = "" if choices else _("There is no segment chosen by hand yet. Create one on the page of segments first.")
        self.fields["segment_id"] = one_of(_("Segment"), choices, hint=hint)


class DeviceSegmentForm(SegmentForm):
    """Which segment of devices."""

    population = Population.DEVICES


def _input(chosen: Chosen) -> SegmentInput:
    return SegmentInput(segment_id=chosen["segment_id"])


def _device_input(chosen: Chosen) -> DeviceSegmentInput:
    return DeviceSegmentInput(segment_id=chosen["segment_id"])


def _inside(chosen: Chosen) -> Q:
    return Q(Exists(Member.objects.filter(target_id=OuterRef("pk"), segment=chosen["segment_id"])))


def _elsewhere(actor: Actor, chosen: Chosen, of: Population) -> Rule:
    segment = by_hand(actor, chosen["segment_id"], of)
    where = ~Q(path__startswith=segment.path) if segment else Q(pk__isnull=False)
    return Rule(reason="segment_elsewhere", where=where)


def _add_rules(of: Population) -> Any:
    def rules(actor: Actor, chosen: Chosen) -> list[Rule]:
        said = _("Is in the segment already")
        inside = Rule(reason="bulk_unchanged", where=_inside(chosen), unchanged=True, said=said)
        return [_elsewhere(actor, chosen, of), inside]

    return rules


def _remove_rules(of: Population) -> Any:
    def rules(actor: Actor, chosen: Chosen) -> list[Rule]:
        said = _("Is not in the segment")
        outside = Rule(reason="bulk_unchanged", where=~_inside(chosen), unchanged=True, said=said)
        return [_elsewhere(actor, chosen, of), outside]

    return rules


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
        rules=_add_rules(Population.USERS),
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
        rules=_remove_rules(Population.USERS),
        undo="segment",
    )
)
register_bulk(
    BulkAct(
        of=DEVICES,
        code="segment",
        label=_("Add to segment"),
        icon="chart-pie",
        heading=ngettext_lazy("Add %(total)s device to a segment", "Add %(total)s devices to a segment", "count"),
        action=AssignDeviceSegment,
        input=_device_input,
        form=DeviceSegmentForm,
        rules=_add_rules(Population.DEVICES),
        undo="unsegment",
        prominent=True,
    )
)
register_bulk(
    BulkAct(
        of=DEVICES,
        code="unsegment",
        label=_("Remove from segment"),
        icon="chart-pie",
        heading=ngettext_lazy(
            "Take %(total)s device out of a segment", "Take %(total)s devices out of a segment", "count"
        ),
        action=RevokeDeviceSegment,
        input=_device_input,
        form=DeviceSegmentForm,
        rules=_remove_rules(Population.DEVICES),
        undo="segment",
    )
)
