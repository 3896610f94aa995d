"""Samples of messages: written by Ada in North, and in Cleo's own inbox."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import system_actor
from fleetfolk.kernel.perform import perform
from fleetfolk.messages.actions.create_attachment import CreateAttachmentInput
from fleetfolk.messages.actions.create_message import CreateMessage
from fleetfolk.messages.actions.create_template import TemplateInput
from fleetfolk.messages.actions.delete_attachment import DeleteAttachmentInput
from fleetfolk.messages.actions.edit_channels import EditChannelsInput
from fleetfolk.messages.actions.end_message import EndMessageInput
from fleetfolk.messages.actions.own_item import ItemInput
from fleetfolk.messages.actions.read_message import ReadMessageInput
from fleetfolk.messages.actions.send_message import SendMessageInput
from fleetfolk.messages.actions.send_reply import SendReplyInput
from fleetfolk.messages.content import MessageInput
from fleetfolk.messages.files import KeptFile
from fleetfolk.messages.models import Attachment, Item, Message, MessageTemplate
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.sampling import Sample, Samples, north, own
from fleetfolk.users.actions.no_input import NoInput


def content(cast: Cast) -> MessageInput:
    """What Ada writes to Cleo."""
    return MessageInput(subject="Maintenance", body="We come.", audience={"users": [cast.cleo.pk]})


def draft(cast: Cast) -> Message:
    """A draft of Ada's in North, for Cleo."""
    made = perform(CreateMessage, actor=actor(cast.ada), target_id=cast.north.pk, data=content(cast))
    return Message.objects.get(pk=made.target.pk)


def going_out(cast: Cast) -> Message:
    """The same message on its way, in nobody's inbox yet."""
    message = draft(cast)
    with staging():
        Message.objects.filter(pk=message.pk).update(state="sending", send_at=clock.now(), moved_at=clock.now())
    return message


def item(cast: Cast, *, archived: bool = False) -> Item:
    """The same message in Cleo's inbox."""
    message = going_out(cast)
    with staging():
        return Item.objects.create(
            tenant=cast.lumen,
            message=message,
            user=cast.cleo,
            at=clock.now(),
            archived_at=clock.now() if archived else None,
        )


def template(cast: Cast) -> MessageTemplate:
    """A text of North's that messages begin with."""
    with staging():
        return MessageTemplate.objects.create(
            tenant=cast.lumen, organization=cast.north, name="Visit", created_by_id=cast.ada.pk, created_by_label="Ada"
        )


def attachment(cast: Cast) -> Attachment:
    """A file that goes with the draft; there is nothing of it on disk."""
    message = draft(cast)
    with staging():
        return Attachment.objects.create(
            tenant=cast.lumen, message=message, name="a.png", media_type="image/png", size=3, file=uuid4()
        )


def _of(make: Callable[[Cast], Any], data: Any) -> Callable[[Cast], Sample]:
    return lambda cast: Sample(target_id=make(cast).pk, data=data, permitted=actor(cast.ada))


def _postman(data: Any) -> Callable[[Cast], Sample]:
    return lambda cast: Sample(
        target_id=going_out(cast).pk, data=data, permitted=system_actor("postman", tenant_id=cast.lumen.pk)
    )


def _detached(cast: Cast) -> Sample:
    made = attachment(cast)
    data = DeleteAttachmentInput(attachment_id=made.pk)
    return Sample(target_id=made.message_id, data=data, permitted=actor(cast.ada))


def _edited(cast: Cast) -> Sample:
    return Sample(target_id=draft(cast).pk, data=content(cast), permitted=actor(cast.ada))


_FILE = KeptFile(name="a.png", media_type="image/png", size=3, file=uuid4())

SAMPLES: Samples = {
    "message.create": lambda cast: north(cast, content(cast)),
    "message.edit": _edited,
    "message.delete": _of(draft, NoInput()),
    "message.send": _of(draft, SendMessageInput()),
    "message.cancel": _of(going_out, NoInput()),
    "message.items.create": _postman(NoInput()),
    "message.end": _postman(EndMessageInput()),
    "message.attachment.create": _of(draft, CreateAttachmentInput(file=_FILE)),
    "message.attachment.delete": _detached,
    "message.template.create": lambda cast: north(cast, TemplateInput(name="Visit")),
    "message.template.edit": _of(template, TemplateInput(name="Visits")),
    "message.template.delete": _of(template, NoInput()),
    "user.message.read": lambda cast: own(cast, ReadMessageInput(item_id=item(cast).pk)),
    "user.message.archive": lambda cast: own(cast, ItemInput(item_id=item(cast).pk)),
    "user.message.restore": lambda cast: own(cast, ItemInput(item_id=item(cast, archived=True).pk)),
    "user.reply.send": lambda cast: own(cast, SendReplyInput(item_id=item(cast).pk, text="Thanks.")),
    "user.channels.edit": lambda cast: own(cast, EditChannelsInput(email=False)),
}
