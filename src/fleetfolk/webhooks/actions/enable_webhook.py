"""Switch a webhook on, or go on after a pause."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.permissions import MANAGE_WEBHOOKS
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.webhooks.models import Webhook
from fleetfolk.webhooks.outbox import wake
from fleetfolk.webhooks.rules import require_giveable


class EnableWebhook(Action[Webhook, NoInput]):
    """What waits is sent, in its order, and what happens from now on is told."""

    code = "webhook.enable"
    label = _("Switch webhook on")
    said = _("switched the webhook %(target)s on")
    permission = MANAGE_WEBHOOKS
    target_model = "webhooks.Webhook"
    input_type = NoInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: Webhook, data: NoInput) -> None:
        """Refuses one that is on and goes well; denies who may not see what it is told."""
        if target.is_on and target.paused_at is None:
            raise Refused("webhook_is_on")
        require_giveable(actor, target.organization, target.permissions)

    def apply(self, *, actor: Actor, target: Webhook, data: NoInput) -> Outcome[Webhook]:
        """Switches it on, with all its patience."""
        if not target.is_on:
            target.values_since = clock.now()
        target.is_on, target.paused_at, target.failures, target.retry_at = True, None, 0, None
        target.save(update_fields=["is_on", "paused_at", "failures", "retry_at", "values_since"])
        wake()
        return Outcome(target=target)
