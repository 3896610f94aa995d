"""The files of a draft: those that come with the composer's form, and those that another message has already."""

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile

from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import sentence_for
from fleetfolk.messages.actions.create_attachment import CreateAttachment, CreateAttachmentInput
from fleetfolk.messages.files import NotKept, keep_file, path_of
from fleetfolk.messages.models import Message

PIECE: Final = 1 << 16


def attach(files: "Sequence[UploadedFile[Any]]", *, actor: Actor, message_id: int) -> list[str]:
    """The files go with the message. Returns a sentence for each that does not, with its name."""
    wrong = []
    for file in files:
        name = file.name or "file"
        try:
            kept = keep_file(name, file.chunks())
            data = CreateAttachmentInput(file=kept)
            perform(CreateAttachment, actor=actor, target_id=message_id, data=data)
        except NotKept as error:
            wrong.append(f"{name}: {sentence_for(Refused(str(error)))}")
        except Refused as refusal:
            wrong.append(f"{name}: {sentence_for(refusal)}")
    return wrong


def attach_those_of(message: Message, *, actor: Actor, message_id: int) -> None:
    """Files of their own with what the message's files hold go with the other message."""
    for attachment in message.attachments.order_by("pk"):
        kept = keep_file(attachment.name, _pieces(attachment.file))
        data = CreateAttachmentInput(file=kept)
        perform(CreateAttachment, actor=actor, target_id=message_id, data=data)


def _pieces(key: UUID) -> Iterator[bytes]:
    with path_of(key).open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
