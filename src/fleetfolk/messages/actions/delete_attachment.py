"""Take a file from a draft."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.messages.models import Message
from fleetfolk.messages.permissions import SEND_MESSAGES
from fleetfolk.messages.rules import require_draft


@dataclass(frozen=True, kw_only=True, slots=True)
class DeleteAttachmentInput:
    """Which file, by the key of its row."""

    attachment_id: int


class DeleteAttachment(Action[Message, DeleteAttachmentInput]):
    """The file does not go with the message; it is swept from the disk a day later."""

    code = "message.attachment.delete"
    label = _("Remove file from message")
    said = _("removed a file from %(target)s")
    permission = SEND_MESSAGES
    target_model = "messaging.Message"
    input_type = DeleteAttachmentInput

    def check(self, *, actor: Actor, target: Message, data: DeleteAttachmentInput) -> None:
        """Refuses what is no draft any more, and a file that it does not have."""
        require_draft(target)
        if not target.attachments.filter(pk=data.attachment_id).exists():
            raise Refused("message_file_gone")

    def apply(self, *, actor: Actor, target: Message, data: DeleteAttachmentInput) -> Outcome[Message]:
        """Deletes the row."""
        target.attachments.filter(pk=data.attachment_id).delete()
        return Outcome(target=target)
