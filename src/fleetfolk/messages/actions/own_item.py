"""What Actions on one's own inbox share: which message, and that one has it."""

from dataclasses import dataclass

from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import TargetNotFound
from fleetfolk.messages.models import Item
from fleetfolk.users.models import User


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemInput:
    """Which of one's own messages, by the key of its place in the inbox."""

    item_id: int


def own_item(person: User, item_id: int) -> Item:
    """The message in the person's inbox, locked; `TargetNotFound` where it is not, or not any more."""
    items = Item.objects.select_for_update(no_key=True, of=("self",)).select_related("message__organization")
    item = items.filter(user=person, pk=item_id).first()
    if item is None or (item.expires_at is not None and item.expires_at <= clock.now()):
        raise TargetNotFound("message_not_yours")
    return item
