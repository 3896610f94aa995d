"""A message is out."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.messages.models import Message, MessageState
from fleetfolk.messages.permissions import SEND_MESSAGES
from fleetfolk.messages.rules import require_postman


@dataclass(frozen=True, kw_only=True, slots=True)
class EndMessageInput:
    """``failure`` is the code of the reason why nobody got it; empty where somebody did."""

    failure: str = ""


class EndMessage(Action[Message, EndMessageInput]):
    """Everybody whom it is for has it, or it is said why nobody does."""

    code = "message.end"
    label = _("End sending a message")
    said = _("finished sending %(target)s")
    permission = SEND_MESSAGES
    target_model = "messaging.Message"
    input_type = EndMessageInput

    def check(self, *, actor: Actor, target: Message, data: EndMessageInput) -> None:
        """Denies people; refuses what is not going out."""
        require_postman(actor)
        if target.state not in (MessageState.SCHEDULED, MessageState.SENDING):
            raise Refused("message_not_going_out")

    def apply(self, *, actor: Actor, target: Message, data: EndMessageInput) -> Outcome[Message]:
        """Ends it."""
        before = target.state
        target.state = MessageState.FAILED if data.failure else MessageState.SENT
        target.failure, target.finished_at = data.failure, clock.now()
        target.save(update_fields=["state", "failure", "finished_at"])
        return Outcome(
            target=target, changes=[Change("state", before, target.state)], facts={"people": target.recipients}
        )
