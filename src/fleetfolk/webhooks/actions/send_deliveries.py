"""Send again what was told since a moment."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fleetfolk.access.permissions import MANAGE_WEBHOOKS
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.webhooks.models import Delivery, State, Webhook
from fleetfolk.webhooks.outbox import wake
from fleetfolk.webhooks.rules import require_giveable


@dataclass(frozen=True, kw_only=True, slots=True)
class SendDeliveriesInput:
    """Since when (aware)."""

    since: dt.datetime


class SendDeliveries(Action[Webhook, SendDeliveriesInput]):
    """Everything since then goes out again, in its order and under the numbers that the receiver knows."""

    code = "webhook.deliveries.send"
    label = _("Send deliveries again")
    said = _("sent deliveries of the webhook %(target)s again")
    permission = MANAGE_WEBHOOKS
    target_model = "webhooks.Webhook"
    input_type = SendDeliveriesInput

    def check(self, *, actor: Actor, target: Webhook, data: SendDeliveriesInput) -> None:
        """Refuses a moment without its zone, and where there is nothing; denies who may not see what is told."""
        if data.since.tzinfo is None:
            raise Refused("webhook_since")
        if not target.is_on or target.paused_at is not None:
            raise Refused("webhook_is_off")
        require_giveable(actor, target.organization, target.permissions)
        if not _over(target, data.since).exists():
            raise Refused("webhook_nothing")

    def apply(self, *, actor: Actor, target: Webhook, data: SendDeliveriesInput) -> Outcome[Webhook]:
        """Puts them back in their places."""
        number = _over(target, data.since).update(state=State.WAITING, done_at=None)
        wake()
        return Outcome(target=target, facts={"since": data.since.isoformat(), "deliveries": number})


def _over(webhook: Webhook, since: dt.datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(webhook=webhook, created_at__gte=since).exclude(state=State.WAITING)
