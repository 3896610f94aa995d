"""Read a message of one's own."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.messages.actions.own_item import own_item
from fleetfolk.messages.arrivals import tell_arrival
from fleetfolk.messages.models import Channel, Delivery, DeliveryState
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadMessageInput:
    """Which message, and on which way somebody came to it, if it was by a mail or a push."""

    item_id: int
    by: Channel | None = None


class ReadMessage(Action[User, ReadMessageInput]):
    """The message counts as read, from the first time on; and as opened on the way by which they came."""

    code = "user.message.read"
    label = _("Read own message")
    said = _("read a message")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = ReadMessageInput

    def check(self, *, actor: Actor, target: User, data: ReadMessageInput) -> None:
        """Refuses a message that is not in the person's inbox."""
        own_item(target, data.item_id)

    def apply(self, *, actor: Actor, target: User, data: ReadMessageInput) -> Outcome[User]:
        """Stamps it once."""
        item, now = own_item(target, data.item_id), clock.now()
        if item.read_at is None:
            item.read_at = now
            item.save(update_fields=["read_at"])
            tell_arrival(target.tenant_id, [target.pk])
        if data.by is not None:
            out = Delivery.objects.filter(message_id=item.message_id, user=target, channel=data.by)
            out.filter(state=DeliveryState.SENT).update(state=DeliveryState.OPENED, at=now)
        return Outcome(target=target, facts={"message": item.message_id, "by": data.by.value if data.by else ""})
