"""Put a file to a draft."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.messages.files import LARGEST, MOST, KeptFile
from fleetfolk.messages.models import Attachment, Message
from fleetfolk.messages.permissions import SEND_MESSAGES
from fleetfolk.messages.rules import require_draft


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateAttachmentInput:
    """The file, which is on disk already."""

    file: KeptFile


class CreateAttachment(Action[Message, CreateAttachmentInput]):
    """The file goes with the message."""

    code = "message.attachment.create"
    label = _("Attach file to message")
    said = _("attached a file to %(target)s")
    permission = SEND_MESSAGES
    target_model = "messaging.Message"
    input_type = CreateAttachmentInput

    def check(self, *, actor: Actor, target: Message, data: CreateAttachmentInput) -> None:
        """Refuses what is no draft any more, a file too many, and one that is too large."""
        require_draft(target)
        if target.attachments.count() >= MOST:
            raise Refused("message_files_many", most=MOST)
        if data.file.size > LARGEST:
            raise Refused("message_file_size")

    def apply(self, *, actor: Actor, target: Message, data: CreateAttachmentInput) -> Outcome[Message]:
        """Writes the row."""
        kept = data.file
        Attachment.objects.create(
            tenant_id=target.tenant_id,
            message=target,
            name=kept.name,
            media_type=kept.media_type,
            size=kept.size,
            file=kept.file,
        )
        return Outcome(target=target, facts={"size": kept.size, "type": kept.media_type})
