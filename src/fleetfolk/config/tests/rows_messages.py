"""How the URLs of messages are attacked."""

from typing import Any

from fleetfolk.config.tests.rows import Row, cleo
from fleetfolk.kernel.perform import perform
from fleetfolk.messages.actions.create_attachment import CreateAttachment, CreateAttachmentInput
from fleetfolk.messages.actions.create_message import CreateMessage
from fleetfolk.messages.actions.create_template import CreateTemplate, TemplateInput
from fleetfolk.messages.actions.send_message import SendMessage, SendMessageInput
from fleetfolk.messages.content import MessageInput
from fleetfolk.messages.files import keep_file
from fleetfolk.messages.models import Attachment
from fleetfolk.messages.sending import deliver
from fleetfolk.testing.cast import Cast, actor


def draft(cast: Cast) -> list[Any]:
    """A draft of North, for Cleo."""
    data = MessageInput(subject="For Cleo", body="Cleo, come in.", audience={"users": [cast.cleo.pk]})
    return [perform(CreateMessage, actor=actor(cast.ada), target_id=cast.north.pk, data=data).target.pk]


def out(cast: Cast) -> list[Any]:
    """A message of North that Cleo has."""
    key = draft(cast)
    perform(SendMessage, actor=actor(cast.ada), target_id=key[0], data=SendMessageInput())
    deliver(key[0])
    return key


def going(cast: Cast) -> list[Any]:
    """A message of North that is on its way."""
    key = draft(cast)
    perform(SendMessage, actor=actor(cast.ada), target_id=key[0], data=SendMessageInput())
    return key


def filed(cast: Cast) -> list[Any]:
    """A draft of North with a file."""
    key = draft(cast)
    kept = keep_file("Cleo.pdf", [b"%PDF-1.7 Cleo"])
    perform(CreateAttachment, actor=actor(cast.ada), target_id=key[0], data=CreateAttachmentInput(file=kept))
    return [*key, Attachment.objects.get(file=kept.file).pk]


def text(cast: Cast) -> list[Any]:
    """A text of North's."""
    data = TemplateInput(name="Hello Cleo", subject="Cleo", body="Cleo", language="en")
    return [perform(CreateTemplate, actor=actor(cast.ada), target_id=cast.north.pk, data=data).target.pk]


_WORDS = {"subject_en": "Maintenance", "body_en": "We come."}

ROWS: list[Row] = [
    Row(name="messages:list", dana=200),
    Row(name="messages:new"),
    Row(name="messages:people", query={"find": "cleo"}),
    Row(name="messages:preview", data=_WORDS),
    Row(name="messages:detail", target=out, dana=200),
    Row(name="messages:edit", target=draft),
    Row(name="messages:send", target=draft, data={"when": "now"}, ada=(302,)),
    Row(name="messages:cancel", target=going, data={}, ada=(302,)),
    Row(name="messages:delete", target=draft, data={}, ada=(302,)),
    Row(name="messages:copy", target=draft, data={}, ada=(302,)),
    Row(name="messages:people-file", target=out, dana=200),
    Row(name="messages:remove-file", target=filed, data={}, ada=(302,)),
    Row(name="messages:templates", dana=200),
    Row(name="messages:new-template"),
    Row(name="messages:edit-template", target=text, data={"name": "Welcome", **_WORDS}, ada=(302,)),
    Row(name="messages:delete-template", target=text, data={}, ada=(302,)),
    Row(name="messages:to-person", target=cleo, ada=(302,)),
]
PUBLIC: dict[str, str] = {}
ELSEWHERE: dict[str, str] = {}
