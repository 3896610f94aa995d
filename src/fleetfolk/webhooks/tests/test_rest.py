"""Webhooks as programs see them: those that they may manage, and no way to make one."""

import pytest

from fleetfolk.api.scopes import scopes_there_are
from fleetfolk.api.tests.asking import Program, reason
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.samples_api import access_of, key_of, program_of
from fleetfolk.testing.samples_webhooks import delivery_of, switched_off, webhook_of
from fleetfolk.webhooks.models import Webhook

ALL = [one.code for one in scopes_there_are()]
RIGHT = "developer.webhooks.edit"


def test_a_program_reads_webhooks_and_what_was_delivered(cast: Cast) -> None:
    webhook = webhook_of(cast.north, by=cast.ada)
    delivery = delivery_of(webhook)
    program = Program(access_of(program_of(cast.lumen, by=cast.ada, rights=[RIGHT]), by=cast.ada))
    (listed,) = program.get("webhooks").json()["items"]
    one = program.get(f"webhooks/{webhook.pk}").json()
    assert listed == one
    assert (one["name"], one["url"], one["is_on"]) == ("CRM", webhook.url, True)
    assert not any("secret" in name for name in one)
    (told,) = program.get(f"webhooks/{webhook.pk}/deliveries").json()["items"]
    assert (told["message_id"], told["type"], told["state"]) == (delivery.message_id, "webhook.test", "done")


@pytest.mark.parametrize("who", ["south", "no_right", "eve", "sam"])
def test_what_is_not_theirs_does_not_exist(cast: Cast, who: str) -> None:
    webhook = webhook_of(cast.north, by=cast.ada)
    program = {
        "south": lambda: Program(access_of(program_of(cast.south, by=cast.ada, rights=[RIGHT]), by=cast.ada)),
        "no_right": lambda: Program(access_of(program_of(cast.lumen, by=cast.ada, rights=["users.view"]), by=cast.ada)),
        "eve": lambda: Program(key_of(cast.eve, scopes=ALL)),
        "sam": lambda: Program(key_of(cast.sam, scopes=ALL)),
    }[who]()
    found = program.get("webhooks")
    assert found.status_code == (403 if who == "no_right" else 200)
    assert "CRM" not in found.content.decode()
    for path in (f"webhooks/{webhook.pk}", f"webhooks/{webhook.pk}/deliveries"):
        assert program.get(path).status_code == 404
    answer = program.post("actions/webhook.test.send", {"target": webhook.pk})
    assert answer.status_code == (403 if who == "no_right" else 404)


def test_keys_make_no_webhooks_and_choose_no_receivers(cast: Cast) -> None:
    webhook = switched_off(webhook_of(cast.north, by=cast.ada))
    program = Program(key_of(cast.ada, scopes=ALL, sensitive=True))
    for act in ("webhook.create", "webhook.edit", "webhook.secret.rotate", "webhook.deactivate"):
        assert program.post(f"actions/{act}", {"target": webhook.pk}).status_code == 404
    assert program.post("actions/webhook.enable", {"target": webhook.pk}).status_code == 200
    assert Webhook.objects.get(pk=webhook.pk).is_on


def test_a_moment_without_its_zone_is_refused(cast: Cast) -> None:
    webhook = webhook_of(cast.north, by=cast.ada)
    delivery_of(webhook)
    program = Program(key_of(cast.ada, scopes=ALL))
    said = {"target": webhook.pk, "since": "2026-01-01T00:00:00"}
    answer = program.post("actions/webhook.deliveries.send", said)
    assert (answer.status_code, reason(answer)) == (409, "webhook_since")
    answer = program.post("actions/webhook.deliveries.send", {**said, "since": "2026-01-01T00:00:00Z"})
    assert answer.json()["facts"]["deliveries"] == 1
