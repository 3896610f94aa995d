"""What was written to people, how it fared and what they answered, for whoever may see the messages of a place."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import Grant
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import TargetNotFound
from fleetfolk.kernel.statements import planned_once
from fleetfolk.messages.models import (
    Channel,
    Delivery,
    DeliveryState,
    Item,
    Message,
    MessageKind,
    MessageTemplate,
    Reply,
)
from fleetfolk.messages.permissions import VIEW_MESSAGES
from fleetfolk.users.models import User
from fleetfolk.users.permissions import VIEW_USERS

FAILED: Final = (DeliveryState.FAILED, DeliveryState.BOUNCED)
OUT: Final = (DeliveryState.SENT, DeliveryState.OPENED)

type Which = Literal["everybody", "read", "unread", "replied", "failed"]
"""Which of the people who got a message are looked at."""

WHICH: Final[tuple[Which, ...]] = get_args(Which.__value__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """How a message fared, for a row of the list: ``failed`` are people whom at least one way did not reach."""

    read: int = 0
    replies: int = 0
    failed: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """How a message fared on one way: how many were tried, got out, were opened, failed, or were kept back."""

    channel: str
    tried: int
    out: int
    opened: int
    failed: int
    kept_back: int
    waiting: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Fared:
    """How one message fared with everybody: ``reached`` are those whom a mail or a push got out to."""

    people: int
    reached: int
    read: int
    replied: int
    replies: int
    ways: Sequence[Way]


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipient:
    """One person who got a message, with how it fared by each way, and the latest of what they answered."""

    user_id: int
    name: str
    email: str
    read_at: dt.datetime | None
    deliveries: Mapping[str, Delivery]
    reply: Reply | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """A message that somebody got, with how it fared by each way, and what they answered."""

    item: Item
    message: Message
    deliveries: Mapping[str, Delivery]
    replies: Sequence[Reply] = field(default=())


def messages_seen(actor: Actor, *, grants: Sequence[Grant] | None = None) -> QuerySet[Message]:
    """The messages of the places where the actor may see them."""
    messages = Message.objects.select_related("organization").filter(kind=MessageKind.PRIVATE)
    return GATE.within_reach(messages, actor=actor, permission=VIEW_MESSAGES, grants=grants)


def message_seen(actor: Actor, message_id: int, *, grants: Sequence[Grant] | None = None) -> Message:
    """The message. Raises `TargetNotFound` where it is none that the actor may see."""
    message = messages_seen(actor, grants=grants).filter(pk=message_id).first()
    if message is None:
        raise TargetNotFound
    return message


def templates_seen(actor: Actor, *, grants: Sequence[Grant] | None = None) -> QuerySet[MessageTemplate]:
    """The texts of the places where the actor may see messages, by name."""
    templates = MessageTemplate.objects.select_related("organization").order_by("name", "pk")
    return GATE.within_reach(templates, actor=actor, permission=VIEW_MESSAGES, grants=grants)


_FIGURES = """
SELECT wanted.id,
    (SELECT count(*) FROM messaging_item WHERE message_id = wanted.id AND read_at IS NOT NULL),
    (SELECT count(*) FROM messaging_reply WHERE message_id = wanted.id),
    (SELECT count(DISTINCT user_id) FROM messaging_delivery
     WHERE message_id = wanted.id AND state IN ('failed', 'bounced'))
FROM unnest(%s::bigint[]) AS wanted (id)
"""


def figures_of(ids: Sequence[int]) -> dict[int, Figures]:
    """How these messages fared, by their keys."""
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, [list(ids)])
        return {
            key: Figures(read=read, replies=replies, failed=failed) for key, read, replies, failed in cursor.fetchall()
        }


_PEOPLE = """
SELECT (SELECT count(*) FROM messaging_item WHERE message_id = %(message)s),
    (SELECT count(*) FROM messaging_item WHERE message_id = %(message)s AND read_at IS NOT NULL),
    (SELECT count(DISTINCT user_id) FROM messaging_delivery
     WHERE message_id = %(message)s AND state IN ('sent', 'opened')),
    (SELECT count(DISTINCT user_id) FROM messaging_reply WHERE message_id = %(message)s),
    (SELECT count(*) FROM messaging_reply WHERE message_id = %(message)s)
"""
_WAYS = """
SELECT channel, state, count(*) FROM messaging_delivery WHERE message_id = %s GROUP BY channel, state
"""


def fared(message: Message) -> Fared:
    """How the message fared with everybody who got it."""
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, {"message": message.pk})
        ((people, read, reached, replied, replies),) = cursor.fetchall()
        cursor.execute(_WAYS, [message.pk])
        states: dict[str, dict[str, int]] = {}
        for channel, state, number in cursor.fetchall():
            states.setdefault(channel, {})[state] = number
    ways = [_way(channel, states[channel]) for channel in Channel.values if channel in states]
    return Fared(people=people, reached=reached, read=read, replied=replied, replies=replies, ways=ways)


def _way(channel: str, states: Mapping[str, int]) -> Way:
    return Way(
        channel=channel,
        tried=sum(states.values()),
        out=sum(states.get(state, 0) for state in OUT),
        opened=states.get(DeliveryState.OPENED, 0),
        failed=sum(states.get(state, 0) for state in FAILED),
        kept_back=states.get(DeliveryState.CAPPED, 0) + states.get(DeliveryState.UNSUBSCRIBED, 0),
        waiting=states.get(DeliveryState.QUEUED, 0),
    )


def recipients(
    actor: Actor, message: Message, *, which: Which = "everybody", after: int = 0, size: int = 50
) -> tuple[list[Recipient], bool]:
    """Those who got the message and whom the actor may see, by key from ``after`` on; and whether more follow."""
    rows = list(_items(actor, message, which).filter(user_id__gt=after)[: size + 1])
    return _recipients(message, rows[:size]), len(rows) > size


def every_recipient(actor: Actor, message: Message, *, which: Which = "everybody") -> Iterator[Recipient]:
    """All of them, read piece by piece."""
    after = 0
    while True:
        found, more = recipients(actor, message, which=which, after=after, size=2_000)
        yield from found
        if not more:
            return
        after = found[-1].user_id


def _items(actor: Actor, message: Message, which: Which) -> QuerySet[Item]:
    people = GATE.within_reach(User.objects.all(), actor=actor, permission=VIEW_USERS)
    items = Item.objects.filter(message=message, user__in=people).select_related("user").order_by("user_id")
    if which == "read":
        return items.filter(read_at__isnull=False)
    if which == "unread":
        return items.filter(read_at__isnull=True)
    if which == "replied":
        return items.filter(Exists(Reply.objects.filter(message=message, user=OuterRef("user"))))
    if which == "failed":
        tried = Delivery.objects.filter(message=message, user=OuterRef("user"), state__in=FAILED)
        return items.filter(Exists(tried))
    return items


def _recipients(message: Message, items: Sequence[Item]) -> list[Recipient]:
    people = [item.user_id for item in items]
    deliveries = _by_person(Delivery.objects.filter(message=message, user__in=people))
    replies = {one.user_id: one for one in Reply.objects.filter(message=message, user__in=people).order_by("pk")}
    return [
        Recipient(
            user_id=item.user_id,
            name=item.user.name or item.user.email,
            email=item.user.email,
            read_at=item.read_at,
            deliveries=deliveries.get(item.user_id, {}),
            reply=replies.get(item.user_id),
        )
        for item in items
    ]


def _by_person(deliveries: Iterable[Delivery]) -> dict[int, dict[str, Delivery]]:
    found: dict[int, dict[str, Delivery]] = {}
    for one in deliveries:
        found.setdefault(one.user_id, {})[one.channel] = one
    return found


def received_by(person: User, *, before: int = 0, size: int = 25) -> tuple[list[Received], bool]:
    """What the person got, latest first, from before that item on; and whether there is more."""
    items = Item.objects.filter(user=person).select_related("message").order_by("-pk")
    rows = list((items.filter(pk__lt=before) if before else items)[: size + 1])
    keys = [item.message_id for item in rows[:size]]
    deliveries: dict[int, dict[str, Delivery]] = {}
    for one in Delivery.objects.filter(user=person, message__in=keys):
        deliveries.setdefault(one.message_id, {})[one.channel] = one
    replies: dict[int, list[Reply]] = {}
    for reply in Reply.objects.filter(user=person, message__in=keys).order_by("pk"):
        replies.setdefault(reply.message_id, []).append(reply)
    found = [
        Received(
            item=item,
            message=item.message,
            deliveries=deliveries.get(item.message_id, {}),
            replies=replies.get(item.message_id, ()),
        )
        for item in rows[:size]
    ]
    return found, len(rows) > size


def received_count(person: User) -> int:
    """How many messages the person got. Every tab of their page says it."""
    with planned_once() as cursor:
        cursor.execute(f"SELECT count(*) FROM {Item._meta.db_table} WHERE user_id = %s", [person.pk])  # noqa: S608
        (count,) = cursor.fetchone()
    return int(count)
