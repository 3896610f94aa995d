"""What happens is told: signed, in order, again until it is heard, and to nobody else."""

import datetime as dt
import json
import socket
from typing import Any

import psycopg
import pytest
from django.db import connection

from fleetfolk.actionlog.models import Entry
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import Denied, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.outbound import posting
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.door import staging
from fleetfolk.testing.https_service import Scripted
from fleetfolk.testing.receiver import Receiver
from fleetfolk.testing.samples_webhooks import webhook_input, webhook_of
from fleetfolk.users.actions.enable_user import EnableUser
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.webhooks.actions import (
    CancelDelivery,
    CreateWebhook,
    DeliveryInput,
    DisableWebhook,
    EditWebhook,
    EditWebhookInput,
    EnableWebhook,
    RotateSecret,
    RotateSecretInput,
    SendDeliveries,
    SendDeliveriesInput,
    SendDelivery,
    SendTest,
)
from fleetfolk.webhooks.delivering import BACKOFF, carry, due, next_try
from fleetfolk.webhooks.models import Attempt, Delivery, State, Webhook
from fleetfolk.webhooks.secrets import FORMER_LASTS, new_secret
from fleetfolk.webhooks.tasks import KEPT_FOR, forget, tell_paused
from fleetfolk.webhooks.tests.hooks import SECRET, disable, hook, later, sent, waiting


def test_they_arrive_in_the_order_in_which_they_happened(cast: Cast, hooked: Receiver) -> None:
    webhook = hook(cast, hooked, triggers=("user.disable", "user.enable"))
    for _turn in range(3):
        disable(cast)
        perform(EnableUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=NoInput())
    assert [one["type"] for one in sent(webhook, hooked)] == ["user.disable", "user.enable"] * 3


def test_what_is_not_taken_is_sent_again_later_and_nothing_overtakes_it(cast: Cast, hooked: Receiver) -> None:
    webhook = hook(cast, hooked, triggers=("user.disable", "user.enable"))
    hooked.script.append(Scripted(status=503))
    disable(cast)
    perform(EnableUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=NoInput())
    assert len(sent(webhook, hooked)) == 1
    assert waiting(webhook) == ["user.disable", "user.enable"]
    assert due() == []
    at = next_try()
    assert at is not None
    assert 0 < (at - clock.now()).total_seconds() <= BACKOFF[0]
    assert len(sent(webhook, hooked)) == 1
    with later(webhook, BACKOFF[0] + 1):
        assert due() == [(webhook.pk, cast.lumen.pk)]
        sent(webhook, hooked)
    assert [one.said["type"] for one in hooked.told] == ["user.disable", "user.disable", "user.enable"]
    first, second, third = hooked.told
    assert first.message_id == second.message_id != third.message_id
    assert second.headers["webhook-timestamp"] > first.headers["webhook-timestamp"]
    assert all(one.is_signed_with(SECRET) for one in hooked.told)
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.retry_at) == (0, None)


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 404, 429, 500])
def test_a_redirect_is_not_followed_and_nothing_else_is_taken_for_a_yes(
    cast: Cast, hooked: Receiver, status: int
) -> None:
    webhook = hook(cast, hooked)
    hooked.script.append(Scripted(status=status, headers={"Location": f"{hooked.origin}/elsewhere"}))
    disable(cast)
    sent(webhook, hooked)
    assert [one.path for one in hooked.told] == ["/hooks?for=fleetfolk"]
    assert waiting(webhook) == ["user.disable"]


def test_a_receiver_may_ask_for_more_time(cast: Cast, hooked: Receiver) -> None:
    webhook = hook(cast, hooked)
    for said, least, most in (("90", 80, 90), ("999999999", 11 * 3600, 12 * 3600), ("soon", 1, 125)):
        hooked.script.append(Scripted(status=429, headers={"Retry-After": said}))
        disable(cast, cast.bob) if said == "90" else None
        with staging():
            Webhook.objects.update(retry_at=None)
        sent(webhook, hooked)
        webhook.refresh_from_db()
        assert webhook.retry_at is not None
        assert least <= (webhook.retry_at - clock.now()).total_seconds() <= most, said


def test_in_the_end_it_is_paused_and_its_owner_told_and_nothing_is_lost(
    cast: Cast, hooked: Receiver, mailoutbox: list[Any], settings: Any
) -> None:
    webhook = hook(cast, hooked)
    disable(cast)
    moment = clock.now()
    for wait in (0, *BACKOFF):
        hooked.script.append(Scripted(status=500))
        moment += dt.timedelta(seconds=wait + 1)
        with clock.at(moment):
            assert carry(webhook.pk, trust=hooked.trust) == 1
    webhook.refresh_from_db()
    assert webhook.paused_at is not None
    assert webhook.is_on
    entry = Entry.objects.get(code="webhook.deactivate")
    assert (entry.actor_label, entry.facts) == ("Fleetfolk", {"problem": "500", "tries": len(BACKOFF) + 1})
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'webhooks.tell_paused'")
        (given,) = cursor.fetchone()
    tell_paused(**json.loads(given))
    (mail,) = mailoutbox
    assert mail.to == [cast.ada.email]
    assert "500" in mail.body
    assert f"/webhooks/{webhook.pk}/" in mail.body
    perform(EnableUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=NoInput())
    assert waiting(webhook) == ["user.disable", "user.enable"]
    with clock.at(moment + dt.timedelta(days=2)):
        assert due() == []
        assert carry(webhook.pk, trust=hooked.trust) == 0
    perform(EnableWebhook, actor=actor(cast.ada), target_id=webhook.pk, data=NoInput())
    hooked.told.clear()
    assert [one["type"] for one in sent(webhook, hooked)] == ["user.disable", "user.enable"]


def test_whoever_says_that_it_is_gone_is_not_asked_again(cast: Cast, hooked: Receiver) -> None:
    webhook = hook(cast, hooked)
    hooked.script.append(Scripted(status=410))
    disable(cast)
    sent(webhook, hooked)
    webhook.refresh_from_db()
    assert webhook.paused_at is not None


def test_switched_off_nothing_is_sent_nor_written_down(cast: Cast, hooked: Receiver) -> None:
    webhook = hook(cast, hooked, triggers=("user.disable", "user.enable"))
    disable(cast)
    perform(DisableWebhook, actor=actor(cast.ada), target_id=webhook.pk, data=NoInput())
    perform(EnableUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=NoInput())
    assert sent(webhook, hooked) == []
    assert due() == []
    perform(EnableWebhook, actor=actor(cast.ada), target_id=webhook.pk, data=NoInput())
    assert [one["type"] for one in sent(webhook, hooked)] == ["user.disable"]


def test_of_an_archived_organization_nothing_is_told(cast: Cast, hooked: Receiver) -> None:
    webhook = hook(cast, hooked)
    disable(cast)
    with staging():
        Organization.objects.filter(pk=cast.north.pk).update(archived_at=clock.now())
    assert due() == []
    assert sent(webhook, hooked) == []
    entry = Entry.objects.get(code="user.disable")
    entry.pk = None
    with staging():
        entry.save(force_insert=True)
    assert waiting(webhook) == ["user.disable"]


def test_another_sender_keeps_away_while_one_is_at_it(cast: Cast, hooked: Receiver) -> None:
    webhook = hook(cast, hooked)
    disable(cast)
    said = {key: value for key, value in connection.get_connection_params().items() if key != "cursor_factory"}
    with psycopg.connect(**{key: value for key, value in said.items() if key != "context"}) as other:
        other.execute("SELECT pg_advisory_lock(hashtextextended('webhooks', %s))", [webhook.pk])
        assert carry(webhook.pk, trust=hooked.trust) == 0
        other.execute("SELECT pg_advisory_unlock_all()")
    assert carry(webhook.pk, trust=hooked.trust) == 1


def test_after_a_change_of_secrets_both_sign_for_a_day(cast: Cast, hooked: Receiver) -> None:
    webhook, second, third = hook(cast, hooked), new_secret(), new_secret()
    perform(RotateSecret, actor=actor(cast.ada), target_id=webhook.pk, data=RotateSecretInput(secret=second))
    disable(cast)
    sent(webhook, hooked)
    assert hooked.told[0].is_signed_with(SECRET)
    assert hooked.told[0].is_signed_with(second)
    perform(EnableUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=NoInput())
    with clock.at(clock.now() + FORMER_LASTS + dt.timedelta(seconds=1)):
        sent(webhook, hooked)
    assert not hooked.told[1].is_signed_with(SECRET)
    assert hooked.told[1].is_signed_with(second)
    data = RotateSecretInput(secret=third, at_once=True)
    perform(RotateSecret, actor=actor(cast.ada), target_id=webhook.pk, data=data)
    disable(cast)
    sent(webhook, hooked)
    assert (hooked.told[2].is_signed_with(second), hooked.told[2].is_signed_with(third)) == (False, True)


def test_the_database_alone_does_not_tell_the_secret(cast: Cast, hooked: Receiver, settings: Any) -> None:
    webhook = hook(cast, hooked)
    assert SECRET.removeprefix("whsec_") not in Webhook.objects.get(pk=webhook.pk).secret
    disable(cast)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "x" * 60
    sent(webhook, hooked)
    assert hooked.told[0].is_signed_with(SECRET)
    settings.SECRET_KEY_FALLBACKS = []
    perform(EnableUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=NoInput())
    sent(webhook, hooked)
    assert len(hooked.told) == 1
    assert Attempt.objects.latest("pk").problem == "secret"


def test_one_delivery_and_all_since_a_moment_are_sent_again_under_their_numbers(cast: Cast, hooked: Receiver) -> None:
    webhook = hook(cast, hooked, triggers=("user.disable", "user.enable"))
    disable(cast)
    perform(EnableUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=NoInput())
    sent(webhook, hooked)
    ids = [one.message_id for one in hooked.told]
    first = Delivery.objects.order_by("pk").first()
    assert first is not None
    perform(SendDelivery, actor=actor(cast.ada), target_id=webhook.pk, data=DeliveryInput(delivery_id=first.pk))
    sent(webhook, hooked)
    assert [one.message_id for one in hooked.told[2:]] == ids[:1]
    data = SendDeliveriesInput(since=clock.now() - dt.timedelta(hours=1))
    perform(SendDeliveries, actor=actor(cast.ada), target_id=webhook.pk, data=data)
    sent(webhook, hooked)
    assert [one.message_id for one in hooked.told[3:]] == ids
    assert Entry.objects.get(code="webhook.deliveries.send").facts["deliveries"] == 2


def test_what_blocks_the_way_can_be_skipped(cast: Cast, hooked: Receiver) -> None:
    webhook = hook(cast, hooked, triggers=("user.disable", "user.enable"))
    hooked.script.append(Scripted(status=400))
    disable(cast)
    perform(EnableUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=NoInput())
    sent(webhook, hooked)
    head = Delivery.objects.order_by("pk").first()
    assert head is not None
    perform(CancelDelivery, actor=actor(cast.ada), target_id=webhook.pk, data=DeliveryInput(delivery_id=head.pk))
    assert [one["type"] for one in sent(webhook, hooked)] == ["user.disable", "user.enable"]
    assert Delivery.objects.get(pk=head.pk).state == State.CANCELLED


def test_a_test_is_sent_at_once(cast: Cast, hooked: Receiver) -> None:
    webhook = hook(cast, hooked)
    with staging():
        Webhook.objects.update(failures=5, retry_at=clock.now() + dt.timedelta(hours=5))
    perform(SendTest, actor=actor(cast.ada), target_id=webhook.pk, data=NoInput())
    (said,) = sent(webhook, hooked)
    assert said["type"] == "webhook.test"
    assert said["data"]["webhook"] == {"id": webhook.pk, "name": "CRM"}


@pytest.mark.parametrize(
    "url",
    [
        *("http://hooks.example.com/x", "https://127.0.0.1/x", "https://[::1]/x", "https://[::ffff:10.0.0.1]/x"),
        *("https://169.254.169.254/latest/meta-data", "https://localhost/x", "https://metadata/x", "https://0x7f.1/x"),
        *("https://user:pw@hooks.example.com/x", "https://hooks.example.com:8443/x", "https://hooks.example.com/x#y"),
        *("https://hooks.example.com/x\r\nX-Injected: 1", "https://hooks.example.com/a b", "ftp://hooks.example.com/"),
        *("https://hooks.example.com\\@127.0.0.1/", "", "https://hooks.example.com/" + "x" * 1024),
    ],
)
def test_an_address_that_is_none_is_refused(cast: Cast, settings: Any, url: str) -> None:
    settings.FLEETFOLK_WEBHOOK_HOSTS = "*"
    with pytest.raises(Exception, match="webhook_address"):
        perform(CreateWebhook, actor=actor(cast.ada), target_id=cast.north.pk, data=webhook_input(url=url))
    assert not Webhook.objects.exists()


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "::1", "::ffff:10.0.0.1", "fd00::1"])
def test_a_name_that_leads_inside_is_not_connected_to(
    cast: Cast, hooked: Receiver, settings: Any, monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    """Also where it led outside when the webhook was made: it is looked at each time."""
    settings.FLEETFOLK_WEBHOOK_HOSTS = "*"
    webhook = webhook_of(cast.north, by=cast.ada)
    disable(cast)
    answers = [(2, 1, 6, "", ("8.8.8.8", 443)), (2, 1, 6, "", (inside, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: answers)
    connected: list[Any] = []
    monkeypatch.setattr(socket, "create_connection", lambda *args, **_kwargs: connected.append(args))
    carry(webhook.pk)
    assert connected == []
    assert Attempt.objects.get().problem == "address"
    assert waiting(webhook) == ["user.disable"]


def test_a_receiver_that_takes_too_long_is_given_up(
    cast: Cast, hooked: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "PATIENCE", 0.3)
    webhook = hook(cast, hooked)
    hooked.slow = 1.0
    disable(cast)
    sent(webhook, hooked)
    assert Attempt.objects.get().problem == "TimeoutError"


def test_nobody_tells_a_program_more_than_they_see(cast: Cast, hooked: Receiver) -> None:
    """Finn reaches North and below; who loses a right can neither give it nor move what has it."""
    with pytest.raises(TargetNotFound):
        perform(CreateWebhook, actor=actor(cast.finn), target_id=cast.lumen.pk, data=webhook_input(url=hooked.url))
    webhook = hook(cast, hooked)
    role = fresh(cast.finn).role
    with staging():
        role.permissions = [code for code in role.permissions if code != "users.view"]
        role.save(update_fields=["permissions"])
    small = ("actionlog.view", "devices.view", "devices.timeline.view")
    data = EditWebhookInput(name="CRM", url=hooked.url, triggers=("user.edit",), permissions=small)
    acts: list[tuple[type[Any], Any]] = [(EditWebhook, data), (RotateSecret, RotateSecretInput(secret=new_secret()))]
    for action, given in acts:
        with pytest.raises(Denied, match="webhook_stronger"):
            perform(action, actor=actor(cast.finn), target_id=webhook.pk, data=given)


def test_old_records_go(cast: Cast, hooked: Receiver) -> None:
    webhook = hook(cast, hooked)
    disable(cast)
    sent(webhook, hooked)
    forget(0)
    assert Attempt.objects.exists()
    with staging():
        Delivery.objects.update(created_at=clock.now() - KEPT_FOR - dt.timedelta(minutes=1))
    forget(0)
    assert not Delivery.objects.exists()
    assert not Attempt.objects.exists()
