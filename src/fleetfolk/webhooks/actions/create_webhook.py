"""Tell a receiver what happens."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.permissions import MANAGE_WEBHOOKS
from fleetfolk.api.scopes import require_hands
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations import limits
from fleetfolk.organizations.models import Organization
from fleetfolk.webhooks.models import Webhook
from fleetfolk.webhooks.rules import endpoint_of, require_fit, require_giveable, require_streams
from fleetfolk.webhooks.secrets import is_secret, kept
from fleetfolk.webhooks.triggers import codes_of, complete, events_of

MOST: Final = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateWebhookInput:
    """Its name and address, what it is told of and may be told of, and the secret that the door shows once.

    ``streams``: keys of the datastreams whose values it is told of.
    """

    name: str
    url: str
    triggers: Sequence[str]
    permissions: Sequence[str]
    secret: str = field(repr=False)
    streams: Sequence[int] = ()


class CreateWebhook(Action[Organization, CreateWebhookInput]):
    """The receiver is told of what happens from now on, in the organization and those below."""

    code = "webhook.create"
    label = _("Add webhook")
    said = _("added the webhook %(target)s")
    permission = MANAGE_WEBHOOKS
    target_model = "organizations.Organization"
    input_type = CreateWebhookInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: Organization, data: CreateWebhookInput) -> None:
        """Denies keys, and more than the actor may see; refuses what does not fit, and more than the plan allows."""
        require_hands(actor)
        require_fit(name=data.name, url=data.url, triggers=data.triggers, permissions=data.permissions)
        require_streams(target, triggers=data.triggers, streams=data.streams)
        require_giveable(actor, target, data.permissions)
        if not is_secret(data.secret):
            raise Refused("webhook_secret")
        if Webhook.objects.filter(organization=target, name=data.name).exists():
            raise Refused("webhook_name_taken", name=data.name)
        if Webhook.objects.filter(organization=target).count() >= MOST:
            raise Refused("webhook_many", most=MOST)
        limits.require(target.tenant_id, "webhooks")

    def apply(self, *, actor: Actor, target: Organization, data: CreateWebhookInput) -> Outcome[Webhook]:  # type: ignore[override]
        """Keeps it."""
        webhook = Webhook.objects.create(
            tenant_id=target.tenant_id,
            organization=target,
            name=data.name,
            url=data.url,
            triggers=sorted(set(data.triggers)),
            codes=codes_of(data.triggers),
            events=events_of(data.triggers),
            streams=sorted(set(data.streams)),
            values_since=clock.now(),
            permissions=complete(data.permissions) or [],
            secret=kept(data.secret),
            created_by_id=actor.user_id,
            created_by_label=actor.label[:140],
            created_at=clock.now(),
        )
        # The address may hold a secret of the receiver: the log names the host.
        return Outcome(target=webhook, facts={"host": endpoint_of(data.url).host, "triggers": len(webhook.triggers)})
