"""What the tests of messages begin with."""

from typing import Any

from fleetfolk.kernel.perform import perform
from fleetfolk.messages.actions.create_message import CreateMessage
from fleetfolk.messages.actions.send_message import SendMessage, SendMessageInput
from fleetfolk.messages.content import MessageInput
from fleetfolk.messages.models import Message
from fleetfolk.messages.sending import deliver
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.users.models import User


def written(cast: Cast, *people: User, **more: Any) -> Message:
    """A draft of Ada's for these people."""
    content: dict[str, Any] = {"subject": "Maintenance", "body": "We come on *Monday*.", **more}
    content.setdefault("audience", {"users": [person.pk for person in people]})
    organization = content.pop("organization", cast.lumen)
    created = perform(CreateMessage, actor=actor(cast.ada), target_id=organization.pk, data=MessageInput(**content))
    return Message.objects.get(pk=created.target.pk)


def sent(cast: Cast, *people: User, **more: Any) -> Message:
    """A message of Ada's that these people have."""
    message = written(cast, *people, **more)
    perform(SendMessage, actor=actor(cast.ada), target_id=message.pk, data=SendMessageInput())
    deliver(message.pk)
    return Message.objects.get(pk=message.pk)
