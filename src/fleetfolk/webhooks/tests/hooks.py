"""A webhook of the tests, and what its receiver got."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from fleetfolk.kernel import clock
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.receiver import Receiver
from fleetfolk.testing.samples_webhooks import webhook_of
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.no_input import ReasonInput
from fleetfolk.webhooks.delivering import carry
from fleetfolk.webhooks.models import Delivery, State, Webhook

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqr"


def hook(cast: Cast, receiver: Receiver, place: Organization | None = None, **said: Any) -> Webhook:
    """A webhook of North, or of that place, by Ada."""
    return webhook_of(place or cast.north, by=cast.ada, url=receiver.url, secret=SECRET, **said)


def disable(cast: Cast, who: Any = None) -> None:
    target = who or cast.cleo
    perform(DisableUser, actor=actor(cast.ada), target_id=target.pk, data=ReasonInput(reason="left us"))


def waiting(webhook: Webhook) -> Sequence[str]:
    rows = Delivery.objects.filter(webhook=webhook, state=State.WAITING).order_by("pk")
    return list(rows.values_list("code", flat=True))


def sent(webhook: Webhook, receiver: Receiver) -> list[Any]:
    carry(webhook.pk, trust=receiver.trust)
    return [one.said for one in receiver.told]


def later(webhook: Webhook, seconds: float) -> Any:
    """At the moment, seconds from now."""
    return clock.at(clock.now() + dt.timedelta(seconds=seconds))
