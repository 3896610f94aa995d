"""Send a message, now or at a moment."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.messages.audience import check_audience, kept_until, recipients_of
from fleetfolk.messages.models import Message, MessageKind, MessageState
from fleetfolk.messages.permissions import SEND_MESSAGES
from fleetfolk.messages.rules import require_draft
from fleetfolk.messages.zones import LAST_ZONE

LATE: Final = dt.timedelta(minutes=5)
"""A moment that passed while somebody made up their mind is still now."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SendMessageInput:
    """When: None is now. With ``in_zone``, date and clock time of ``at`` in UTC are those of each person's own zone."""

    at: dt.datetime | None = None
    in_zone: bool = False


class SendMessage(Action[Message, SendMessageInput]):
    """The message goes out, or will; its words do not change any more."""

    code = "message.send"
    label = _("Send message")
    said = _("sent %(target)s")
    permission = SEND_MESSAGES
    target_model = "messaging.Message"
    input_type = SendMessageInput

    def check(self, *, actor: Actor, target: Message, data: SendMessageInput) -> None:
        """Refuses what is no draft, says nothing, is for nobody, or would be over before it is there; others' tests."""
        require_draft(target)
        if not target.subject.strip() or not target.body.strip():
            raise Refused("message_empty")
        if target.kind == MessageKind.TEST and (target.audience != {"users": [actor.user_id]} or data.at is not None):
            raise Refused("message_test")
        check_audience(target.audience, actor=actor, within=target.organization)
        if not recipients_of(target.audience, actor=actor, within=target.organization).exists():
            raise Refused("message_nobody")
        now = clock.now()
        last = now if data.at is None else data.at + (LAST_ZONE if data.in_zone else dt.timedelta())
        if last < now - LATE:
            raise Refused("message_time_past")
        if target.expires_at is not None and target.expires_at <= last:
            raise Refused("message_expiry_past")
        forgotten_at = kept_until(target.audience)
        if forgotten_at is not None and forgotten_at <= last:
            raise Refused("message_selection_late")

    def apply(self, *, actor: Actor, target: Message, data: SendMessageInput) -> Outcome[Message]:
        """Whoever sends it is its author from now on: it goes as far as they reach."""
        now = clock.now()
        later = data.at is not None and (data.in_zone or data.at > now)
        moment = data.at if later and data.at is not None else now
        before = target.state
        target.state = MessageState.SCHEDULED if later else MessageState.SENDING
        target.send_at = moment
        target.in_zone = later and data.in_zone
        target.started_at = None if later else now
        target.moved_at = now
        target.created_by_id, target.created_by_label = actor.user_id or 0, actor.label
        target.program_id = actor.program_id
        target.client = actor.client
        target.save()
        enqueue("messages.deliver", message_id=target.pk)
        return Outcome(
            target=target,
            changes=[Change("state", before, target.state)],
            facts={"at": moment.isoformat(), "in_zone": target.in_zone},
        )
