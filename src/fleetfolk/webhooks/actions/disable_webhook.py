"""Switch a webhook off."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.permissions import MANAGE_WEBHOOKS
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.webhooks.models import Webhook


class DisableWebhook(Action[Webhook, NoInput]):
    """Nothing is sent, and what happens meanwhile is not written down for it. What waited goes on waiting."""

    code = "webhook.disable"
    label = _("Switch webhook off")
    said = _("switched the webhook %(target)s off")
    permission = MANAGE_WEBHOOKS
    target_model = "webhooks.Webhook"
    input_type = NoInput

    def check(self, *, actor: Actor, target: Webhook, data: NoInput) -> None:
        """Refuses one that is off."""
        if not target.is_on:
            raise Refused("webhook_is_off")

    def apply(self, *, actor: Actor, target: Webhook, data: NoInput) -> Outcome[Webhook]:
        """Switches it off."""
        target.is_on = False
        target.save(update_fields=["is_on"])
        return Outcome(target=target)
