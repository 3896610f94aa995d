"""Send one delivery again."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.permissions import MANAGE_WEBHOOKS
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.webhooks.actions.cancel_delivery import DeliveryInput, delivery_of
from fleetfolk.webhooks.models import State, Webhook
from fleetfolk.webhooks.outbox import wake
from fleetfolk.webhooks.rules import require_giveable


class SendDelivery(Action[Webhook, DeliveryInput]):
    """The delivery goes out again, under the number that the receiver knows."""

    code = "webhook.delivery.send"
    label = _("Send a delivery again")
    said = _("sent a delivery of the webhook %(target)s again")
    permission = MANAGE_WEBHOOKS
    target_model = "webhooks.Webhook"
    input_type = DeliveryInput

    def check(self, *, actor: Actor, target: Webhook, data: DeliveryInput) -> None:
        """Refuses what is no delivery of this one, and what waits; denies who may not see what is told."""
        if delivery_of(target, data.delivery_id).state == State.WAITING:
            raise Refused("webhook_delivery_waits")
        if not target.is_on or target.paused_at is not None:
            raise Refused("webhook_is_off")
        require_giveable(actor, target.organization, target.permissions)

    def apply(self, *, actor: Actor, target: Webhook, data: DeliveryInput) -> Outcome[Webhook]:
        """Puts it back in its place."""
        delivery = delivery_of(target, data.delivery_id)
        delivery.state, delivery.done_at = State.WAITING, None
        delivery.save(update_fields=["state", "done_at"])
        wake()
        return Outcome(target=target, facts={"delivery": delivery.message_id, "what": delivery.code})
