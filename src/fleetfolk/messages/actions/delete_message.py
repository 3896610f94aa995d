"""Throw a draft away."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.messages.models import Message
from fleetfolk.messages.permissions import SEND_MESSAGES
from fleetfolk.messages.rules import require_draft
from fleetfolk.users.actions.no_input import NoInput


class DeleteMessage(Action[Message, NoInput]):
    """There is no such draft any more. What was sent stays: people have it."""

    code = "message.delete"
    label = _("Delete message")
    said = _("deleted %(target)s")
    permission = SEND_MESSAGES
    target_model = "messaging.Message"
    input_type = NoInput

    def check(self, *, actor: Actor, target: Message, data: NoInput) -> None:
        """Refuses what somebody may have got."""
        require_draft(target)

    def apply(self, *, actor: Actor, target: Message, data: NoInput) -> Outcome[Message]:
        """Deletes the row and those of its files; the files themselves are swept."""
        key = target.pk
        target.delete()
        target.pk = key
        return Outcome(target=target)
