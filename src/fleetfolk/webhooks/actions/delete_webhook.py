"""Tell a receiver nothing any more."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.permissions import MANAGE_WEBHOOKS
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.webhooks.models import Webhook


class DeleteWebhook(Action[Webhook, NoInput]):
    """The webhook is gone, with what waited for it and the record of its deliveries."""

    code = "webhook.delete"
    label = _("Delete webhook")
    said = _("deleted the webhook %(target)s")
    permission = MANAGE_WEBHOOKS
    target_model = "webhooks.Webhook"
    input_type = NoInput
    risk = Risk.SENSITIVE

    def apply(self, *, actor: Actor, target: Webhook, data: NoInput) -> Outcome[Webhook]:
        """Removes it."""
        key = target.pk
        target.delete()
        target.pk = key
        return Outcome(target=target)
