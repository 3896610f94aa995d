"""How a message gets to its people: a chunk of inboxes at a time, each committed with its place in the row.

Killed at any moment and run again, it goes on where it stopped; nobody has it twice, because the database keeps one
item for each person of a message.
"""

from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import Actor, system_actor
from fleetfolk.kernel.errors import Denied, Refused, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.messages.actions.create_items import CreateItems, author_of, is_last_round, next_people
from fleetfolk.messages.actions.end_message import EndMessage, EndMessageInput
from fleetfolk.messages.models import Message, MessageState
from fleetfolk.messages.zones import FIRST_ZONE
from fleetfolk.users.actions.no_input import NoInput

GOING_OUT = (MessageState.SCHEDULED, MessageState.SENDING)


def deliver(message_id: int) -> None:
    """Everybody has the message whose time has come. Once that is everybody, it is sent."""
    while True:
        message = Message.objects.select_related("organization").filter(pk=message_id, state__in=GOING_OUT).first()
        if message is None or not is_due(message):
            return
        now = clock.now()
        if author_of(message) is None:
            _end(message, EndMessageInput(failure="message_author_gone"))
            return
        if next_people(message, now).exists():
            try:
                perform(CreateItems, actor=postman(message), target_id=message.pk, data=NoInput())
            except (Refused, TargetNotFound):
                return  # Somebody stopped it meanwhile.
        else:
            if is_last_round(message, now):
                _end(message, EndMessageInput(failure="" if message.recipients else "message_nobody"))
            return


def is_due(message: Message) -> bool:
    """Whether anybody should have it by now."""
    if message.send_at is None:
        return False
    first = message.send_at - FIRST_ZONE if message.in_zone else message.send_at
    return first <= clock.now()


def postman(message: Message) -> Actor:
    """The installation, as who brings this message."""
    return system_actor("postman", tenant_id=message.tenant_id)


def _end(message: Message, how: EndMessageInput) -> None:
    try:
        perform(EndMessage, actor=postman(message), target_id=message.pk, data=how)
    except (Refused, Denied, TargetNotFound):
        return
