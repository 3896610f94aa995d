"""Count a segment: bring its members in line with who is there and whom its rules name."""

from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor, ActorKind
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.segments.counting import counted
from fleetfolk.segments.models import Segment
from fleetfolk.segments.permissions import EDIT_SEGMENTS


@dataclass(frozen=True, kw_only=True, slots=True)
class ResetMembersInput:
    """The edition of the rules that were looked at."""

    edition: int


class ResetMembers(Action[Segment, ResetMembersInput]):
    """The members are whom the segment names now; who came and who went is noted. Done by the counter alone.

    Nobody who changes a person or a device waits for it: it only reads them.
    """

    code = "segment.members.reset"
    label = _("Count segment")
    said = _("counted the segment %(target)s")
    permission = EDIT_SEGMENTS
    target_model = "segments.Segment"
    input_type = ResetMembersInput

    def check(self, *, actor: Actor, target: Segment, data: ResetMembersInput) -> None:
        """Denies everybody but the counter; refuses to go by rules that were changed meanwhile."""
        if actor.kind is not ActorKind.SYSTEM:
            raise Denied("segment_counted_by_itself")
        if target.edition != data.edition:
            raise Refused("segment_changed")

    def apply(self, *, actor: Actor, target: Segment, data: ResetMembersInput) -> Outcome[Segment]:
        """Lets go who is not named any more, lets in who is, and keeps the number."""
        now = clock.now()
        statement = counted(target, now=now)
        with connection.cursor() as cursor:
            cursor.execute(statement.text, list(statement.params))
            (entered, left, total) = cursor.fetchone()
        target.counted, target.counted_at = total, now
        target.save(update_fields=["counted", "counted_at"])
        return Outcome(target=target, facts={"members": total, "entered": entered, "left": left})
