"""Pause a webhook whose receiver does not answer."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.permissions import MANAGE_WEBHOOKS
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.webhooks.models import Webhook


@dataclass(frozen=True, kw_only=True, slots=True)
class DeactivateWebhookInput:
    """Why, in a word or a number: the last answer's status, or what went wrong."""

    problem: str


class DeactivateWebhook(Action[Webhook, DeactivateWebhookInput]):
    """Nothing is sent until somebody switches it on again; what happens is written down for it still."""

    code = "webhook.deactivate"
    label = _("Pause webhook")
    said = _("paused the webhook %(target)s")
    permission = MANAGE_WEBHOOKS
    target_model = "webhooks.Webhook"
    input_type = DeactivateWebhookInput

    def check(self, *, actor: Actor, target: Webhook, data: DeactivateWebhookInput) -> None:
        """Refuses one that is off or paused already."""
        if not target.is_on or target.paused_at is not None:
            raise Refused("webhook_is_off")

    def apply(self, *, actor: Actor, target: Webhook, data: DeactivateWebhookInput) -> Outcome[Webhook]:
        """Pauses it; whoever made it is told."""
        target.paused_at, target.retry_at = clock.now(), None
        target.save(update_fields=["paused_at", "retry_at"])
        enqueue("webhooks.tell_paused", webhook_id=target.pk, problem=data.problem)
        return Outcome(target=target, facts={"problem": data.problem, "tries": target.failures})
