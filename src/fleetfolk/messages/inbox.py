"""One's own inbox: what is in it, and how much of that is unread. Nobody but the person themselves reads it."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Max, Q, QuerySet

from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import TargetNotFound
from fleetfolk.messages.models import Item
from fleetfolk.users.models import User

PAGE: Final = 30
MANY: Final = 99
"""Beyond so many it is only said that there are more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class InboxPage:
    """A part of the inbox, newest first; ``next_before`` asks for what is older, and is 0 where nothing is."""

    items: list[Item]
    next_before: int


def inbox_of(person: User, *, archived: bool = False, before: int = 0) -> InboxPage:
    """One page of the person's messages."""
    items = _there(person).filter(archived_at__isnull=not archived)
    if before:
        items = items.filter(pk__lt=before)
    found = list(items.select_related("message__organization").order_by("-pk")[: PAGE + 1])
    return InboxPage(items=found[:PAGE], next_before=found[PAGE - 1].pk if len(found) > PAGE else 0)


def item_of(person: User, item_id: int) -> Item:
    """A message of the person's; `TargetNotFound` where it is somebody else's, or over."""
    item = _there(person).select_related("message__organization").filter(pk=item_id).first()
    if item is None:
        raise TargetNotFound("message_not_yours")
    return item


def has_message(user_id: int, message_id: int) -> bool:
    """Whether the message is in the person's inbox, and not over."""
    return Item.objects.filter(_not_over(), user_id=user_id, message_id=message_id).exists()


def unread_of(user_id: int) -> int:
    """How many of the person's messages wait to be read; counted up to one more than `MANY`."""
    waiting = Item.objects.filter(_not_over(), user_id=user_id, read_at=None, archived_at=None)
    return len(waiting.values_list("pk", flat=True)[: MANY + 1])


def mark_of(user_id: int) -> str:
    """What changes whenever the inbox does, as far as a page shows it."""
    latest = Item.objects.filter(user_id=user_id).aggregate(latest=Max("pk"))["latest"] or 0
    return f"{unread_of(user_id)}-{latest}"


def _there(person: User) -> QuerySet[Item]:
    return Item.objects.filter(_not_over(), user=person)


def _not_over() -> Q:
    return Q(expires_at__isnull=True) | Q(expires_at__gt=clock.now())
