"""What a webhook tells, to whom, and what it never does."""

import json

import pytest

from fleetfolk.actionlog.models import Entry
from fleetfolk.devices.actions.rename_device import RenameDevice, RenameDeviceInput
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.door import staging
from fleetfolk.testing.receiver import Receiver
from fleetfolk.testing.samples_webhooks import LOOKS, webhook_of
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.no_input import ReasonInput
from fleetfolk.webhooks.actions import (
    RotateSecret,
    RotateSecretInput,
)
from fleetfolk.webhooks.models import Attempt, Delivery, State, Webhook
from fleetfolk.webhooks.secrets import new_secret
from fleetfolk.webhooks.telling import told
from fleetfolk.webhooks.tests.hooks import SECRET, disable, hook, sent, waiting


def test_an_action_is_told_and_signed(cast: Cast, hooked: Receiver) -> None:
    webhook = hook(cast, hooked)
    disable(cast)
    entry = Entry.objects.get(code="user.disable")
    (said,) = sent(webhook, hooked)
    (got,) = hooked.told
    assert got.is_signed_with(SECRET)
    assert not got.is_signed_with(new_secret())
    assert got.path == "/hooks?for=fleetfolk"
    assert abs(int(got.headers["webhook-timestamp"]) - clock.now().timestamp()) < 5
    assert got.headers["Content-Type"] == "application/json"
    assert (said["type"], said["timestamp"]) == ("user.disable", entry.at.isoformat())
    assert said["data"] == {
        "id": entry.pk,
        "action": "user.disable",
        "client": "web",
        "actor": {"kind": "user", "id": str(cast.ada.pk), "label": str(cast.ada)},
        "acting_for": None,
        "target": {"type": "users.User", "id": cast.cleo.pk, "label": entry.target_label},
        "organization": {"id": cast.north.pk, "name": "North"},
        "changes": entry.changes,
        "facts": {"reason": "left us", **entry.facts},
        "batch_id": None,
    }
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.tries, delivery.message_id) == (State.DONE, 1, got.message_id)
    attempt = Attempt.objects.get()
    assert attempt.status == 204
    assert "webhook-signature: v1," in attempt.request_head
    assert attempt.response_head.startswith("HTTP/1.1 204")
    assert SECRET not in attempt.request_head


def test_neither_the_address_of_a_machine_nor_a_secret_is_told(cast: Cast, hooked: Receiver) -> None:
    webhook = hook(cast, hooked, triggers=("*",))
    disable(cast)
    perform(RotateSecret, actor=actor(cast.ada), target_id=webhook.pk, data=RotateSecretInput(secret=new_secret()))
    sent(webhook, hooked)
    body = b"".join(one.body for one in hooked.told)
    assert b"webhook.secret.rotate" in body
    for hidden in (b"192.0.2.1", b"test-request", SECRET.encode(), b"whsec_", hooked.url.encode()):
        assert hidden not in body


def test_only_what_was_chosen_is_written_down(cast: Cast, hooked: Receiver) -> None:
    chosen = {
        "users.changed": ["user.disable"],
        "user.disable": ["user.disable"],
        "user.*": ["user.disable"],
        "*": ["user.disable"],
        "users.new": [],
        "user.enable": [],
        "device.*": [],
        "devices.online": [],
    }
    hooks = {trigger: hook(cast, hooked, name=trigger, triggers=(trigger,)) for trigger in chosen}
    disable(cast)
    found = {trigger: [code for code in waiting(one) if code.startswith("user.")] for trigger, one in hooks.items()}
    assert found == chosen


def test_a_refusal_is_not_told(cast: Cast, hooked: Receiver) -> None:
    webhook = hook(cast, hooked, triggers=("user.*",))
    with pytest.raises(Denied):
        perform(DisableUser, actor=actor(cast.cleo), target_id=cast.finn.pk, data=ReasonInput())
    assert Entry.objects.filter(code="user.disable").exclude(result="done").exists()
    assert waiting(webhook) == []


def test_what_happens_elsewhere_is_not_told(cast: Cast, hooked: Receiver) -> None:
    north, south = hook(cast, hooked, name="N"), hook(cast, hooked, cast.south, name="S")
    lumen, berg = hook(cast, hooked, cast.lumen, name="L"), hook(cast, hooked, cast.berg, name="B")
    evil = webhook_of(cast.evil, by=cast.eve, url=hooked.url, triggers=("*",))
    with staging():
        Delivery.objects.all().delete()
    disable(cast, cast.bob)
    assert [waiting(one) for one in (berg, north, lumen)] == [["user.disable"]] * 3
    assert waiting(south) == waiting(evil) == []


def test_a_delivery_of_anothers_is_told_nothing_even_where_it_was_written_down(cast: Cast, hooked: Receiver) -> None:
    """The second wall: rights and places are asked again when it is sent."""
    south = hook(cast, hooked, cast.south, name="S")
    evil = webhook_of(cast.evil, by=cast.eve, url=hooked.url, triggers=("*",))
    disable(cast)
    entry = Entry.objects.get(code="user.disable")
    for webhook in (south, evil):
        with staging():
            Delivery.objects.filter(webhook=webhook).delete()
            delivery = Delivery.objects.create(
                tenant_id=webhook.tenant_id, webhook=webhook, kind="entry", code="user.disable",
                entry_id=entry.pk, entry_at=entry.at,
            )  # fmt: skip
        assert told(delivery) is None
        assert sent(webhook, hooked) == []
        assert Delivery.objects.get(pk=delivery.pk).state == State.WITHHELD


@pytest.mark.parametrize("lacking", ["users.view", "devices.view"])
def test_without_the_right_nothing_is_told_of_people_or_devices(cast: Cast, hooked: Receiver, lacking: str) -> None:
    rights = tuple(right for right in LOOKS if right != lacking and (lacking, right) != ("devices.view", LOOKS[3]))
    webhook = hook(cast, hooked, triggers=("*",), permissions=rights)
    device, _token = device_of(cast.north, owner=cast.cleo)
    perform(RenameDevice, actor=actor(cast.ada), target_id=device.pk, data=RenameDeviceInput(name="Boiler"))
    disable(cast)
    said = {one["type"]: one["data"] for one in sent(webhook, hooked)}
    of_device, of_person = said["device.rename"], said["user.disable"]
    if lacking == "devices.view":
        assert of_device["target"]["label"] is of_device["facts"] is of_device["changes"] is None
        assert "Boiler" not in json.dumps(of_device)
        assert of_person["target"]["label"]
        return
    for one in (of_device, of_person):
        assert one["actor"]["label"] is one["facts"] is one["changes"] is None
    assert of_device["target"]["label"] == "Boiler"
    assert of_person["target"] == {"type": "users.User", "id": cast.cleo.pk, "label": None}
    for name in ("Ada", "Cleo", "left us"):
        assert name not in json.dumps(list(said.values()))


def test_without_the_log_no_action_is_told(cast: Cast, hooked: Receiver) -> None:
    webhook = hook(cast, hooked)
    disable(cast)
    with staging():
        Webhook.objects.filter(pk=webhook.pk).update(permissions=["users.view"])
    assert sent(webhook, hooked) == []
