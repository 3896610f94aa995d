"""Stop a message."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.messages.models import Delivery, DeliveryState, Message, MessageState
from fleetfolk.messages.permissions import SEND_MESSAGES
from fleetfolk.users.actions.no_input import NoInput


class CancelMessage(Action[Message, NoInput]):
    """Nobody else gets it. Who has it keeps it; mails and pushes that still wait are not sent.

    Where nobody has it yet, it is a draft again.
    """

    code = "message.cancel"
    label = _("Cancel message")
    said = _("cancelled %(target)s")
    permission = SEND_MESSAGES
    target_model = "messaging.Message"
    input_type = NoInput

    def check(self, *, actor: Actor, target: Message, data: NoInput) -> None:
        """Refuses what is not on its way."""
        if target.state not in (MessageState.SCHEDULED, MessageState.SENDING):
            raise Refused("message_not_going_out")

    def apply(self, *, actor: Actor, target: Message, data: NoInput) -> Outcome[Message]:
        """Ends it; what waits goes nowhere."""
        before, now = target.state, clock.now()
        if target.recipients:
            target.state, target.finished_at = MessageState.CANCELLED, now
        else:
            target.state, target.send_at, target.in_zone, target.started_at = MessageState.DRAFT, None, False, None
            target.cursor = 0
        target.save(update_fields=["state", "finished_at", "send_at", "in_zone", "started_at", "cursor"])
        waiting = Delivery.objects.filter(message=target, state=DeliveryState.QUEUED)
        stopped = waiting.update(state=DeliveryState.FAILED, why="cancelled", due_at=None, at=now)
        return Outcome(
            target=target,
            changes=[Change("state", before, target.state)],
            facts={"got_it": target.recipients, "stopped": stopped},
        )
