"""What holds for every message, whoever asks."""

from fleetfolk.kernel.actor import Actor, ActorKind
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.messages.models import Message, MessageState


def require_draft(message: Message) -> None:
    """Refuses what is on its way or over."""
    if message.state != MessageState.DRAFT:
        raise Refused("message_not_draft")


def require_postman(actor: Actor) -> None:
    """Denies everybody but the installation itself."""
    if actor.kind is not ActorKind.SYSTEM:
        raise Denied("message_of_the_system")
