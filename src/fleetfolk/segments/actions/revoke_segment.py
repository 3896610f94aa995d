"""Take a person out of a segment."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Alike, Outcome
from fleetfolk.segments.actions.assign_segment import SegmentInput
from fleetfolk.segments.membership import all_at_once, leave, reached, require_by_hand
from fleetfolk.segments.models import Population
from fleetfolk.users.models import User
from fleetfolk.users.permissions import EDIT_USERS


class RevokeSegment(Action[User, SegmentInput]):
    """The person is no longer in the segment."""

    code = "user.segment.revoke"
    label = _("Remove from segment")
    said = _("took %(target)s out of a segment")
    permission = EDIT_USERS
    target_model = "users.User"
    input_type = SegmentInput

    def check(self, *, actor: Actor, target: User, data: SegmentInput) -> None:
        """Refuses a segment that follows rules, and one that does not reach so far or that the actor may not see."""
        require_by_hand(actor, data.segment_id, Population.USERS, target)

    def apply(self, *, actor: Actor, target: User, data: SegmentInput) -> Outcome[User]:
        """Takes them out where they are in."""
        segment = require_by_hand(actor, data.segment_id, Population.USERS, target)
        changed = leave(segment, [target.pk])
        return Outcome(target=target, facts={"segment": segment.name} if changed else {})

    def fitting(self, *, actor: Actor, targets: QuerySet[User], data: SegmentInput) -> QuerySet[User]:
        """Those to whom the segment reaches."""
        return reached(actor, data.segment_id, Population.USERS, targets)

    def apply_alike(self, *, actor: Actor, ids: Sequence[int], data: SegmentInput) -> Sequence[Alike]:
        """Takes them out where they are in."""
        return all_at_once(leave, actor=actor, segment_id=data.segment_id, of=Population.USERS, model=User, ids=ids)
