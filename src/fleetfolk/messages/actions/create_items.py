"""Put a message into the inboxes of the next people whom it is for."""

import datetime as dt
from typing import Final

from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from fleetfolk.access.grants import grants_of
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor, ActorKind, Client
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.messages.audience import recipients_of
from fleetfolk.messages.inboxes import put
from fleetfolk.messages.models import Item, Message, MessageState
from fleetfolk.messages.permissions import SEND_MESSAGES
from fleetfolk.messages.rules import require_postman
from fleetfolk.messages.zones import FIRST_ZONE, zones_at
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User

CHUNK: Final = 10_000
"""People who get a message together, in one transaction."""


class CreateItems(Action[Message, NoInput]):
    """The next people have it.

    Who they are is asked now, with what its author may reach now. Nobody gets it twice.
    """

    code = "message.items.create"
    label = _("Put message into inboxes")
    said = _("put %(target)s into inboxes")
    permission = SEND_MESSAGES
    target_model = "messaging.Message"
    input_type = NoInput

    def check(self, *, actor: Actor, target: Message, data: NoInput) -> None:
        """Denies people; refuses what is not going out, or not yet."""
        require_postman(actor)
        if target.state not in (MessageState.SCHEDULED, MessageState.SENDING):
            raise Refused("message_not_going_out")
        first = target.send_at - FIRST_ZONE if target.in_zone and target.send_at else target.send_at
        if first is None or first > clock.now():
            raise Refused("message_not_due")

    def apply(self, *, actor: Actor, target: Message, data: NoInput) -> Outcome[Message]:
        """A few statements, whatever the number of people."""
        now = clock.now()
        reached = put(target, people=next_people(target, now), now=now)
        target.cursor = max(target.cursor, reached.last)
        target.recipients += reached.number
        target.state, target.started_at, target.moved_at = MessageState.SENDING, target.started_at or now, now
        target.save(update_fields=["cursor", "recipients", "state", "started_at", "moved_at"])
        return Outcome(target=target, facts={"people": reached.number})


def author_of(message: Message) -> Actor | None:
    """Whoever sent it, as an actor with the rights that they hold now; None where they have no account any more.

    Of a program: None where it is let in no more.
    """
    if message.program_id is not None:
        program = Actor(
            kind=ActorKind.API_CLIENT,
            id=str(message.program_id),
            label=message.created_by_label,
            tenant_id=message.tenant_id,
            client=Client(message.client),
        )
        return program if grants_of(program) else None
    author = User.objects.filter(pk=message.created_by_id, tenant_id=message.tenant_id, is_active=True).first()
    return None if author is None else author.as_actor(Client(message.client))


def is_last_round(message: Message, now: dt.datetime) -> bool:
    """Whether everybody's clock shows the time at which they should get it."""
    return not message.in_zone or message.send_at is None or zones_at(message.send_at, now) is None


def next_people(message: Message, now: dt.datetime) -> QuerySet[User]:
    """Those who get it next, in the order of their keys; by zones they come in rounds, each from the first key on."""
    author = author_of(message)
    if author is None:
        return User.objects.none()
    people = recipients_of(message.audience, actor=author, within=message.organization)
    if message.in_zone and message.send_at is not None:
        zones = zones_at(message.send_at, now)
        if zones is not None:
            people = people.annotate(zone=Coalesce(NullIf("time_zone", Value("")), F("organization__time_zone")))
            people = people.filter(zone__in=zones)
    else:
        people = people.filter(pk__gt=message.cursor)
    have = Item.objects.filter(message=message, user=OuterRef("pk"))
    return people.filter(~Exists(have)).order_by("pk")[:CHUNK]
