"""Change a draft."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.messages.content import MessageInput, changes_of
from fleetfolk.messages.models import Message
from fleetfolk.messages.permissions import SEND_MESSAGES
from fleetfolk.messages.rules import require_draft


class EditMessage(Action[Message, MessageInput]):
    """The draft reads as it was written last."""

    code = "message.edit"
    label = _("Edit message")
    said = _("edited %(target)s")
    permission = SEND_MESSAGES
    target_model = "messaging.Message"
    input_type = MessageInput

    def check(self, *, actor: Actor, target: Message, data: MessageInput) -> None:
        """Refuses what is no draft any more, and what no message can be."""
        require_draft(target)
        data.check(actor=actor, within=target.organization)

    def apply(self, *, actor: Actor, target: Message, data: MessageInput) -> Outcome[Message]:
        """Saves what differs."""
        values = data.values()
        changes = changes_of(target, values)
        for change in changes:
            setattr(target, change.field, values[change.field])
        if changes:
            target.changed_at = clock.now()
            target.save(update_fields=[*(change.field for change in changes), "changed_at"])
        return Outcome(target=target, changes=changes)
