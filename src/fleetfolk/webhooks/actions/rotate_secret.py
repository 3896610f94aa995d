"""Give a webhook another secret."""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.permissions import MANAGE_WEBHOOKS
from fleetfolk.api.scopes import require_hands
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.webhooks.models import Webhook
from fleetfolk.webhooks.rules import require_giveable
from fleetfolk.webhooks.secrets import FORMER_LASTS, is_secret, kept


@dataclass(frozen=True, kw_only=True, slots=True)
class RotateSecretInput:
    """The secret that the door shows once; ``at_once`` where the former one is known to others."""

    secret: str = field(repr=False)
    at_once: bool = False


class RotateSecret(Action[Webhook, RotateSecretInput]):
    """Deliveries are signed with the new secret and, for a day, with the former one, too."""

    code = "webhook.secret.rotate"
    label = _("Change a webhook's secret")
    said = _("changed the secret of the webhook %(target)s")
    permission = MANAGE_WEBHOOKS
    target_model = "webhooks.Webhook"
    input_type = RotateSecretInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: Webhook, data: RotateSecretInput) -> None:
        """Denies keys, and who may not see what it is told; refuses what is no secret."""
        require_hands(actor)
        require_giveable(actor, target.organization, target.permissions)
        if not is_secret(data.secret):
            raise Refused("webhook_secret")

    def apply(self, *, actor: Actor, target: Webhook, data: RotateSecretInput) -> Outcome[Webhook]:
        """Keeps it."""
        target.former_secret = "" if data.at_once else target.secret
        target.former_until = None if data.at_once else clock.now() + FORMER_LASTS
        target.secret = kept(data.secret)
        target.save(update_fields=["secret", "former_secret", "former_until"])
        return Outcome(target=target, facts={"at_once": data.at_once})
