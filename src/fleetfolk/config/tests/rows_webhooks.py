"""How the pages of webhooks are attacked."""

from typing import Any

from fleetfolk.config.tests.rows import Row
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.samples_webhooks import ADDRESS, LOOKS, delivery_of, switched_off, webhook_of
from fleetfolk.webhooks.models import State


def webhook(cast: Cast) -> list[Any]:
    return [webhook_of(cast.north, by=cast.ada).pk]


def off(cast: Cast) -> list[Any]:
    return [switched_off(webhook_of(cast.north, by=cast.ada)).pk]


def delivered(cast: Cast) -> list[Any]:
    made = webhook_of(cast.north, by=cast.ada)
    return [made.pk, delivery_of(made).pk]


def waits(cast: Cast) -> list[Any]:
    made = webhook_of(cast.north, by=cast.ada)
    return [made.pk, delivery_of(made, state=State.WAITING).pk]


def with_deliveries(cast: Cast) -> list[Any]:
    return delivered(cast)[:1]


def north(cast: Cast) -> list[Any]:
    return [cast.north.pk]


_FORM = {"name": "CRM", "url": ADDRESS, "triggers": ["users.new"], "permissions": list(LOOKS)}

PUBLIC: dict[str, str] = {}
ELSEWHERE: dict[str, str] = {}
ROWS: list[Row] = [
    Row(name="webhooks:list"),
    Row(name="webhooks:create"),
    Row(name="webhooks:list-of", target=north),
    Row(name="webhooks:create-of", target=north, data=_FORM),
    Row(name="webhooks:show", target=webhook),
    Row(name="webhooks:delivery", target=delivered),
    Row(name="webhooks:edit", target=webhook, data=_FORM, ada=(302,)),
    Row(name="webhooks:delete", target=webhook, data={}, ada=(302,)),
    Row(name="webhooks:rotate", target=webhook, data={}),
    Row(name="webhooks:test", target=webhook, data={}, ada=(302,)),
    Row(name="webhooks:enable", target=off, data={}, ada=(302,)),
    Row(name="webhooks:disable", target=webhook, data={}, ada=(302,)),
    Row(name="webhooks:again", target=with_deliveries, data={"hours": "24"}, ada=(302,)),
    Row(name="webhooks:send", target=delivered, data={}, ada=(302,)),
    Row(name="webhooks:skip", target=waits, data={}, ada=(302,)),
]
