"""What is refused of webhooks and their deliveries, case by case."""

import datetime as dt

import pytest

from fleetfolk.kernel import clock
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.refusals import Change, after, given, once, refuses
from fleetfolk.testing.samples_webhooks import delivery_of, webhook_of
from fleetfolk.testing.sampling import Sample
from fleetfolk.webhooks.actions import CancelDelivery, DeliveryInput
from fleetfolk.webhooks.actions.create_webhook import MOST
from fleetfolk.webhooks.actions.send_test import MOST as MOST_TESTS
from fleetfolk.webhooks.models import Delivery, State, Webhook

PAUSED = once(paused_at=clock.now())
OFF = once(is_on=False)


def _another(cast: Cast, sample: Sample) -> None:
    webhook_of(cast.north, by=cast.ada, name=sample.data.name)


def _webhooks(cast: Cast, _sample: Sample) -> None:
    one = webhook_of(cast.north, by=cast.ada, name="One")
    for number in range(MOST):
        one.pk, one.name = None, f"W {number}"
        one.save(force_insert=True)


def _tests(_cast: Cast, sample: Sample) -> None:
    for _ in range(MOST_TESTS):
        delivery_of(Webhook.objects.get(pk=sample.target_id), state=State.WAITING)


def _delivery_is(state: State) -> Change:
    return after(lambda _cast, sample: Delivery.objects.filter(pk=sample.data.delivery_id).update(state=state))


CASES: list[tuple[str, Change, str]] = [
    ("webhook.create", after(_another), "webhook_name_taken"),
    ("webhook.create", after(_webhooks), "webhook_many"),
    ("webhook.edit", after(_another), "webhook_name_taken"),
    ("webhook.enable", once(is_on=True), "webhook_is_on"),
    ("webhook.disable", OFF, "webhook_is_off"),
    ("webhook.deactivate", OFF, "webhook_is_off"),
    ("webhook.deactivate", PAUSED, "webhook_is_off"),
    ("webhook.secret.rotate", given(secret="guessable"), "webhook_secret"),
    ("webhook.test.send", OFF, "webhook_is_off"),
    ("webhook.test.send", PAUSED, "webhook_is_off"),
    ("webhook.test.send", after(_tests), "webhook_tests"),
    ("webhook.delivery.send", OFF, "webhook_is_off"),
    ("webhook.delivery.send", PAUSED, "webhook_is_off"),
    ("webhook.delivery.send", _delivery_is(State.WAITING), "webhook_delivery_waits"),
    ("webhook.delivery.cancel", _delivery_is(State.DONE), "webhook_delivery_over"),
    ("webhook.deliveries.send", OFF, "webhook_is_off"),
    ("webhook.deliveries.send", PAUSED, "webhook_is_off"),
    ("webhook.deliveries.send", given(since=lambda _cast: clock.now() + dt.timedelta(hours=1)), "webhook_nothing"),
]


@pytest.mark.parametrize(("code", "change", "reason"), CASES)
def test_it_is_refused(cast: Cast, code: str, change: Change, reason: str) -> None:
    refuses(cast, code, change, reason)


@pytest.mark.parametrize("paused", [False, True])
def test_after_a_delivery_is_skipped_the_next_is_tried_at_once_unless_it_is_paused(cast: Cast, paused: bool) -> None:
    webhook, later = webhook_of(cast.north, by=cast.ada), clock.now() + dt.timedelta(hours=1)
    with staging():
        Webhook.objects.filter(pk=webhook.pk).update(
            failures=3, retry_at=later, paused_at=clock.now() if paused else None
        )
    delivery = delivery_of(webhook, state=State.WAITING)
    perform(CancelDelivery, actor=actor(cast.ada), target_id=webhook.pk, data=DeliveryInput(delivery_id=delivery.pk))
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.retry_at) == ((3, later) if paused else (0, None))
    assert Delivery.objects.get(pk=delivery.pk).state == State.CANCELLED
