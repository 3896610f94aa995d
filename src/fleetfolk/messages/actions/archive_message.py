"""Put a message of one's own away."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.messages.actions.own_item import ItemInput, own_item
from fleetfolk.messages.arrivals import tell_arrival
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT


class ArchiveMessage(Action[User, ItemInput]):
    """The message is among the archived ones, and counts as unread no more."""

    code = "user.message.archive"
    label = _("Archive own message")
    said = _("archived a message")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = ItemInput

    def check(self, *, actor: Actor, target: User, data: ItemInput) -> None:
        """Refuses a message that is not in the person's inbox, or archived already."""
        if own_item(target, data.item_id).archived_at is not None:
            raise Refused("message_archived")

    def apply(self, *, actor: Actor, target: User, data: ItemInput) -> Outcome[User]:
        """Stamps it."""
        item = own_item(target, data.item_id)
        item.archived_at = clock.now()
        item.save(update_fields=["archived_at"])
        tell_arrival(target.tenant_id, [target.pk])
        return Outcome(target=target, facts={"message": item.message_id})
