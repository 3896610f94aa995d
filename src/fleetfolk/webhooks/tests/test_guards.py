"""What stands between a webhook and what it must not be told, each asked for alone."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from fleetfolk.api.scopes import scopes_there_are
from fleetfolk.gateway.flush import _EVENTS
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.door import staging
from fleetfolk.testing.plans import allowing
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.receiver import Receiver
from fleetfolk.testing.samples_webhooks import ADDRESS, LOOKS, delivery_of, switched_off, webhook_input, webhook_of
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.no_input import NoInput, ReasonInput
from fleetfolk.webhooks.actions import (
    CancelDelivery,
    CreateWebhook,
    DeleteWebhook,
    DeliveryInput,
    EditWebhook,
    EditWebhookInput,
    EnableWebhook,
    RotateSecret,
    RotateSecretInput,
    SendDelivery,
)
from fleetfolk.webhooks.delivering import carry
from fleetfolk.webhooks.models import Attempt, Delivery, State, Webhook
from fleetfolk.webhooks.secrets import new_secret
from fleetfolk.webhooks.triggers import TRIGGERS, codes_of, is_known

ALL = frozenset(one.code for one in scopes_there_are())


def weaker(cast: Cast) -> Any:
    """Finn, an Admin of North who may not see people any more."""
    role = fresh(cast.finn).role
    with staging():
        role.permissions = [code for code in role.permissions if not code.startswith("users.")]
        role.save(update_fields=["permissions"])
    return fresh(cast.finn)


def test_every_trigger_is_made_of_actions_that_there_are() -> None:
    for one in TRIGGERS.values():
        assert one.actions or one.events
        assert all(map(is_known, codes_of([one.code]))), one.code


def test_a_key_makes_no_webhook_and_chooses_no_receiver(cast: Cast) -> None:
    webhook = webhook_of(cast.north, by=cast.ada)
    key = replace(actor(cast.ada), scopes=ALL)
    edited = EditWebhookInput(name="CRM", url=ADDRESS, triggers=("user.edit",), permissions=LOOKS)
    acts: list[tuple[type[Any], int, Any]] = [
        (CreateWebhook, cast.north.pk, webhook_input(name="Other")),
        (EditWebhook, webhook.pk, edited),
        (RotateSecret, webhook.pk, RotateSecretInput(secret=new_secret())),
    ]
    for action, target, data in acts:
        with pytest.raises(Denied, match="not_for_tokens"):
            perform(action, actor=key, target_id=target, data=data)


def test_who_may_not_see_it_sends_nothing_again_and_switches_nothing_on(cast: Cast) -> None:
    webhook = webhook_of(cast.north, by=cast.ada)
    finn = actor(weaker(cast))
    data = DeliveryInput(delivery_id=delivery_of(webhook).pk)
    with pytest.raises(Denied, match="webhook_stronger"):
        perform(SendDelivery, actor=finn, target_id=webhook.pk, data=data)
    switched_off(webhook)
    with pytest.raises(Denied, match="webhook_stronger"):
        perform(EnableWebhook, actor=finn, target_id=webhook.pk, data=NoInput())


def test_who_may_not_see_it_is_not_shown_what_is_told(cast: Cast, signed_in: SignedIn) -> None:
    webhook = webhook_of(cast.north, by=cast.ada)
    perform(DisableUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=ReasonInput(reason="left us"))
    page = reverse("webhooks:delivery", args=[webhook.pk, Delivery.objects.get().pk])
    assert "left us" in signed_in(cast.ada).get(page).content.decode()
    shown = signed_in(weaker(cast)).get(page)
    assert shown.status_code == 200
    assert "left us" not in shown.content.decode()


def test_a_delivery_of_another_webhook_is_none(cast: Cast, signed_in: SignedIn) -> None:
    mine, other = webhook_of(cast.north, by=cast.ada), webhook_of(cast.south, by=cast.ada)
    foreign = delivery_of(other, state=State.WAITING)
    data = DeliveryInput(delivery_id=foreign.pk)
    for action in (SendDelivery, CancelDelivery):
        with pytest.raises(Refused, match="webhook_delivery_gone"):
            perform(action, actor=actor(cast.ada), target_id=mine.pk, data=data)
    browser = signed_in(cast.finn)
    for name in ("delivery", "send", "skip"):
        assert browser.get(reverse(f"webhooks:{name}", args=[mine.pk, foreign.pk])).status_code == 404


def test_a_plan_says_how_many(cast: Cast) -> None:
    allowing(cast.lumen, webhooks=1)
    webhook_of(cast.north, by=cast.ada)
    with pytest.raises(Refused, match="limit_reached"):
        webhook_of(cast.south, by=cast.ada)
    assert Webhook.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"triggers": ()}, "webhook_triggers"),
        ({"triggers": ("user.nothing",)}, "webhook_triggers"),
        ({"triggers": ("nothing.*",)}, "webhook_triggers"),
        ({"permissions": ("users.delete", *LOOKS)}, "webhook_triggers"),
        ({"permissions": ("users.view",)}, "webhook_rights"),
        ({"triggers": ("devices.online",), "permissions": ("actionlog.view",)}, "webhook_rights"),
        ({"name": " "}, "webhook_name"),
        ({"name": "A\nB"}, "webhook_name"),
        ({"name": "x" * 81}, "webhook_name"),
        ({"secret": "whsec_dG9vIHNob3J0"}, "webhook_secret"),
        ({"secret": "no secret"}, "webhook_secret"),
    ],
)
def test_what_does_not_fit_is_refused(cast: Cast, said: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        perform(CreateWebhook, actor=actor(cast.ada), target_id=cast.north.pk, data=webhook_input(**said))


def happened(device: Any, code: str = "online") -> None:
    """As the gateway writes it."""
    row = (device.tenant_id, device.pk, None, code, "info", code.title(), "")
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, [clock.now(), *([value] for value in row)])


def test_what_devices_report_is_told_of_those_below_alone(cast: Cast, hooked: Receiver) -> None:
    triggers = ("devices.online", "devices.offline", "devices.event")
    north = webhook_of(cast.north, by=cast.ada, url=hooked.url, triggers=triggers)
    south = webhook_of(cast.south, by=cast.ada, url=hooked.url, triggers=triggers)
    only = webhook_of(cast.lumen, by=cast.ada, url=hooked.url, triggers=("devices.offline",))
    device, _token = device_of(cast.north, owner=cast.cleo)
    for code in ("online", "offline", "leak"):
        happened(device, code)
    carry(north.pk, trust=hooked.trust)
    assert [one.said["type"] for one in hooked.told] == ["device.online", "device.offline", "device.event"]
    first = hooked.told[0].said["data"]
    assert first["device"] == {"id": device.pk, "name": device.name, "template": device.template.name}
    assert (first["code"], first["organization"]["name"]) == ("online", "North")
    assert "Cleo" not in hooked.told[0].body.decode()
    assert not Delivery.objects.filter(webhook=south).exists()
    assert [one.code for one in Delivery.objects.filter(webhook=only)] == ["device.offline"]


def _moved(device: Any, cast: Cast) -> None:
    type(device).objects.filter(pk=device.pk).update(organization=cast.south)


def _deleted(device: Any, cast: Cast) -> None:
    type(device).objects.filter(pk=device.pk).update(deleted_at=clock.now())


def _blinded(device: Any, cast: Cast) -> None:
    Webhook.objects.update(permissions=["devices.view"])


@pytest.mark.parametrize("change", [_moved, _deleted, _blinded])
def test_what_it_may_not_be_told_any_more_is_not_told(
    cast: Cast, hooked: Receiver, change: Callable[[Any, Cast], None]
) -> None:
    webhook = webhook_of(cast.north, by=cast.ada, url=hooked.url, triggers=("devices.online",))
    device, _token = device_of(cast.north, owner=cast.cleo)
    happened(device)
    with staging():
        change(device, cast)
    assert carry(webhook.pk, trust=hooked.trust) == 1
    assert hooked.told == []
    assert Delivery.objects.get().state == State.WITHHELD


def test_who_is_erased_from_the_log_is_not_named_afterwards(cast: Cast, hooked: Receiver) -> None:
    """What waits says what the entry says when it is sent."""
    webhook = webhook_of(cast.north, by=cast.ada, url=hooked.url)
    perform(DisableUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=ReasonInput(reason="left us"))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT actionlog_pseudonymize(%s, %s, '{}', '{}', '{}', '{}', '{}', 100)", [cast.lumen.pk, cast.cleo.pk]
        )
    carry(webhook.pk, trust=hooked.trust)
    assert hooked.told[0].said["data"]["target"]["label"] == f"Erased person {cast.cleo.pk}"
    assert "left us" not in hooked.told[0].body.decode()


def test_a_deleted_webhook_takes_its_deliveries_along(cast: Cast, hooked: Receiver) -> None:
    webhook = webhook_of(cast.north, by=cast.ada, url=hooked.url)
    perform(DisableUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=ReasonInput())
    carry(webhook.pk, trust=hooked.trust)
    assert Attempt.objects.count() == 1
    perform(DeleteWebhook, actor=actor(cast.ada), target_id=webhook.pk, data=NoInput())
    assert not Webhook.objects.exists()
    assert not Delivery.objects.exists()
    assert not Attempt.objects.exists()
