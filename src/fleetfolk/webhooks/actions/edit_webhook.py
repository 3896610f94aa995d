"""Change what a webhook is told, and where."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.permissions import MANAGE_WEBHOOKS
from fleetfolk.api.scopes import require_hands
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Fact, Outcome
from fleetfolk.webhooks.models import Webhook
from fleetfolk.webhooks.rules import endpoint_of, require_fit, require_giveable, require_streams
from fleetfolk.webhooks.triggers import codes_of, complete, events_of
from fleetfolk.webhooks.values import named


@dataclass(frozen=True, kw_only=True, slots=True)
class EditWebhookInput:
    """What it is called, where it is, what it is told of and may be told of."""

    name: str
    url: str
    triggers: Sequence[str]
    permissions: Sequence[str]
    streams: Sequence[int] = ()


class EditWebhook(Action[Webhook, EditWebhookInput]):
    """What happens from now on is told so; what waits goes to the new address."""

    code = "webhook.edit"
    label = _("Edit webhook")
    said = _("changed the webhook %(target)s")
    permission = MANAGE_WEBHOOKS
    target_model = "webhooks.Webhook"
    input_type = EditWebhookInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: Webhook, data: EditWebhookInput) -> None:
        """Denies keys, and who may not see what it is told, before or after; refuses what does not fit."""
        require_hands(actor)
        require_fit(name=data.name, url=data.url, triggers=data.triggers, permissions=data.permissions)
        require_streams(target.organization, triggers=data.triggers, streams=data.streams)
        # What waits was written down under the present rights, and goes to the new address.
        require_giveable(actor, target.organization, {*target.permissions, *data.permissions})
        others = Webhook.objects.filter(organization_id=target.organization_id).exclude(pk=target.pk)
        if others.filter(name=data.name).exists():
            raise Refused("webhook_name_taken", name=data.name)

    def apply(self, *, actor: Actor, target: Webhook, data: EditWebhookInput) -> Outcome[Webhook]:
        """Saves it."""
        triggers, permissions = sorted(set(data.triggers)), complete(data.permissions) or []
        streams = sorted(set(data.streams))
        host, former = endpoint_of(data.url).host, target.url.split("/")[2]
        changes = [Change("name", target.name, data.name)] if target.name != data.name else []
        if host != former:
            changes.append(Change("host", former, host))
        facts: dict[str, Fact] = {"address": "changed"} if target.url != data.url and host == former else {}
        chosen = [named(each, tenant_id=target.tenant_id) for each in (target.streams, streams)]
        for what, before, after in (
            ("triggers", target.triggers, triggers),
            ("permissions", target.permissions, permissions),
            ("datastreams", chosen[0], chosen[1]),
        ):
            if before != after:
                changes.append(Change(what, ", ".join(before), ", ".join(after)))
        target.name, target.url, target.triggers, target.permissions = data.name, data.url, triggers, permissions
        target.codes, target.events = codes_of(triggers), events_of(triggers)
        if streams != target.streams:
            target.streams, target.values_since = streams, clock.now()
        # A new address is tried at once.
        target.retry_at = None
        fields = ["name", "url", "triggers", "permissions", "codes", "events", "streams", "values_since", "retry_at"]
        target.save(update_fields=fields)
        return Outcome(target=target, changes=changes, facts=facts)
