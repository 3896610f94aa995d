"""Skip a delivery that waits."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.permissions import MANAGE_WEBHOOKS
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.webhooks.models import Delivery, State, Webhook
from fleetfolk.webhooks.outbox import wake


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryInput:
    """The delivery by its key."""

    delivery_id: int


class CancelDelivery(Action[Webhook, DeliveryInput]):
    """The delivery is not sent, so that what waits behind it has its turn."""

    code = "webhook.delivery.cancel"
    label = _("Skip a delivery")
    said = _("skipped a delivery of the webhook %(target)s")
    permission = MANAGE_WEBHOOKS
    target_model = "webhooks.Webhook"
    input_type = DeliveryInput

    def check(self, *, actor: Actor, target: Webhook, data: DeliveryInput) -> None:
        """Refuses what is no delivery of this one, and what does not wait."""
        if delivery_of(target, data.delivery_id).state != State.WAITING:
            raise Refused("webhook_delivery_over")

    def apply(self, *, actor: Actor, target: Webhook, data: DeliveryInput) -> Outcome[Webhook]:
        """Takes it out; what comes next is tried at once."""
        delivery = delivery_of(target, data.delivery_id)
        delivery.state, delivery.done_at, delivery.gathers = State.CANCELLED, clock.now(), False
        delivery.save(update_fields=["state", "done_at", "gathers"])
        if target.paused_at is None:
            target.failures, target.retry_at = 0, None
            target.save(update_fields=["failures", "retry_at"])
            wake()
        return Outcome(target=target, facts={"delivery": delivery.message_id, "what": delivery.code})


def delivery_of(webhook: Webhook, delivery_id: int) -> Delivery:
    """The delivery. Refuses what is none of this webhook."""
    delivery = Delivery.objects.filter(webhook=webhook, pk=delivery_id).first()
    if delivery is None:
        raise Refused("webhook_delivery_gone")
    return delivery
