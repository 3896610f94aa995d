"""Samples of webhooks."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import system_actor
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.sampling import Sample, Samples, north
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User
from fleetfolk.webhooks.actions import (
    CreateWebhook,
    CreateWebhookInput,
    DeactivateWebhookInput,
    DeliveryInput,
    EditWebhookInput,
    RotateSecretInput,
    SendDeliveriesInput,
)
from fleetfolk.webhooks.models import Delivery, Kind, State, Webhook
from fleetfolk.webhooks.secrets import new_secret

ADDRESS = "https://hooks.example.com/fleetfolk"
LOOKS = ("actionlog.view", "users.view", "devices.view", "devices.timeline.view")


def webhook_input(**said: Any) -> CreateWebhookInput:
    """What a webhook takes."""
    usual = {"name": "CRM", "url": ADDRESS, "triggers": ("users.changed",), "permissions": LOOKS}
    return CreateWebhookInput(**{**usual, "secret": new_secret(), **said})


def webhook_of(
    organization: Organization,
    *,
    by: User,
    triggers: Sequence[str] = ("users.changed",),
    permissions: Sequence[str] = LOOKS,
    **said: Any,
) -> Webhook:
    """A webhook of the organization."""
    data = webhook_input(triggers=triggers, permissions=permissions, **said)
    perform(CreateWebhook, actor=actor(by), target_id=organization.pk, data=data)
    return Webhook.objects.select_related("organization").get(organization=organization, name=data.name)


def delivery_of(webhook: Webhook, *, state: State = State.DONE) -> Delivery:
    """A delivery that is so far."""
    with staging():
        return Delivery.objects.create(
            tenant_id=webhook.tenant_id, webhook=webhook, kind=Kind.TEST, code="webhook.test", state=state
        )


def switched_off(webhook: Webhook) -> Webhook:
    """The webhook is off."""
    with staging():
        Webhook.objects.filter(pk=webhook.pk).update(is_on=False)
    return webhook


def _webhook(cast: Cast, data: object) -> Sample:
    return Sample(target_id=webhook_of(cast.north, by=cast.ada).pk, data=data, permitted=actor(cast.ada))


def _delivery(cast: Cast, state: State) -> Sample:
    webhook = webhook_of(cast.north, by=cast.ada)
    data = DeliveryInput(delivery_id=delivery_of(webhook, state=state).pk)
    return Sample(target_id=webhook.pk, data=data, permitted=actor(cast.ada))


def _deliveries(cast: Cast) -> Sample:
    webhook = webhook_of(cast.north, by=cast.ada)
    delivery_of(webhook)
    data = SendDeliveriesInput(since=clock.now() - dt.timedelta(hours=1))
    return Sample(target_id=webhook.pk, data=data, permitted=actor(cast.ada))


def _off(cast: Cast) -> Sample:
    webhook = switched_off(webhook_of(cast.north, by=cast.ada))
    return Sample(target_id=webhook.pk, data=NoInput(), permitted=actor(cast.ada))


def _paused(cast: Cast) -> Sample:
    webhook = webhook_of(cast.north, by=cast.ada)
    herald = system_actor("herald", tenant_id=cast.north.tenant_id)
    return Sample(target_id=webhook.pk, data=DeactivateWebhookInput(problem="503"), permitted=herald)


SAMPLES: Samples = {
    "webhook.create": lambda cast: north(cast, webhook_input()),
    "webhook.edit": lambda cast: _webhook(
        cast, EditWebhookInput(name="CRM 2", url=ADDRESS, triggers=("user.edit",), permissions=LOOKS)
    ),
    "webhook.delete": lambda cast: _webhook(cast, NoInput()),
    "webhook.disable": lambda cast: _webhook(cast, NoInput()),
    "webhook.enable": _off,
    "webhook.deactivate": _paused,
    "webhook.secret.rotate": lambda cast: _webhook(cast, RotateSecretInput(secret=new_secret())),
    "webhook.test.send": lambda cast: _webhook(cast, NoInput()),
    "webhook.delivery.send": lambda cast: _delivery(cast, State.DONE),
    "webhook.delivery.cancel": lambda cast: _delivery(cast, State.WAITING),
    "webhook.deliveries.send": _deliveries,
}
