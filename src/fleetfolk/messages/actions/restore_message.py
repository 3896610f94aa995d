"""Take a message of one's own back from the archived ones."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.messages.actions.own_item import ItemInput, own_item
from fleetfolk.messages.arrivals import tell_arrival
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT


class RestoreMessage(Action[User, ItemInput]):
    """The message is in the inbox again."""

    code = "user.message.restore"
    label = _("Restore own message")
    said = _("took a message back into the inbox")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = ItemInput

    def check(self, *, actor: Actor, target: User, data: ItemInput) -> None:
        """Refuses a message that is not archived."""
        if own_item(target, data.item_id).archived_at is None:
            raise Refused("message_not_archived")

    def apply(self, *, actor: Actor, target: User, data: ItemInput) -> Outcome[User]:
        """Takes the stamp away."""
        item = own_item(target, data.item_id)
        item.archived_at = None
        item.save(update_fields=["archived_at"])
        tell_arrival(target.tenant_id, [target.pk])
        return Outcome(target=target, facts={"message": item.message_id})
