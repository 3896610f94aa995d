"""Try a webhook."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.permissions import MANAGE_WEBHOOKS
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.webhooks.models import Delivery, Kind, State, Webhook
from fleetfolk.webhooks.outbox import wake

TEST: Final = "webhook.test"
MOST: Final = 5


class SendTest(Action[Webhook, NoInput]):
    """The receiver gets a delivery that tells of nothing, in its turn; it is tried now."""

    code = "webhook.test.send"
    label = _("Test webhook")
    said = _("tested the webhook %(target)s")
    permission = MANAGE_WEBHOOKS
    target_model = "webhooks.Webhook"
    input_type = NoInput

    def check(self, *, actor: Actor, target: Webhook, data: NoInput) -> None:
        """Refuses one that is off or paused, and more than a few tests at a time."""
        if not target.is_on or target.paused_at is not None:
            raise Refused("webhook_is_off")
        waiting = Delivery.objects.filter(webhook=target, kind=Kind.TEST, state=State.WAITING)
        if waiting.count() >= MOST:
            raise Refused("webhook_tests")

    def apply(self, *, actor: Actor, target: Webhook, data: NoInput) -> Outcome[Webhook]:
        """Puts it in. What waits for another try does not wait any longer: that is what is tested."""
        Delivery.objects.create(tenant_id=target.tenant_id, webhook=target, kind=Kind.TEST, code=TEST)
        if target.retry_at is not None:
            target.retry_at = None
            target.save(update_fields=["retry_at"])
        wake()
        return Outcome(target=target)
