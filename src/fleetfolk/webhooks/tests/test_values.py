"""What devices report is told: of each datastream the newest value, once, and to nobody else."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection

from fleetfolk.actionlog.models import Entry
from fleetfolk.devices.intake import Report, record
from fleetfolk.devices.models import Datastream, Device
from fleetfolk.devices.values import Stream
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of, template_of
from fleetfolk.testing.door import staging
from fleetfolk.testing.https_service import Scripted
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.receiver import Receiver
from fleetfolk.testing.samples_webhooks import LOOKS, webhook_input, webhook_of
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.webhooks import values
from fleetfolk.webhooks.actions import (
    CancelDelivery,
    CreateWebhook,
    DeliveryInput,
    DisableWebhook,
    EditWebhook,
    EditWebhookInput,
    EnableWebhook,
    SendDelivery,
)
from fleetfolk.webhooks.delivering import BACKOFF, carry
from fleetfolk.webhooks.models import Delivery, State, Webhook


def stream(cast: Cast, name: str = "Temperature", tenant: Organization | None = None) -> Datastream:
    return Datastream.objects.get(template=template_of(tenant or cast.lumen), name=name)


def watching(cast: Cast, receiver: Receiver, place: Organization | None = None, **said: Any) -> Webhook:
    """A webhook of Lumen, or of that place, that is told every temperature."""
    about = {"triggers": ("devices.value",), "streams": (stream(cast).pk,), "url": receiver.url, **said}
    return webhook_of(place or cast.lumen, by=cast.ada, **about)


def reports(device: Device, value: float, *, of: Datastream, seconds: float = 0) -> None:
    """The device says so, so many seconds from now; who sends is not there."""
    at = clock.now() + dt.timedelta(seconds=seconds)
    with staging(), connection.cursor() as cursor:
        record(
            cursor, [Report(device_id=device.pk, stream=Stream.of(of), value=value, at_ms=int(at.timestamp() * 1000))]
        )


def sent(webhook: Webhook, receiver: Receiver) -> list[Any]:
    carry(webhook.pk, trust=receiver.trust)
    return [one.said["data"]["value"] for one in receiver.told]


@pytest.fixture
def kiln(cast: Cast) -> Device:
    device, _token = device_of(cast.north, "Kiln")
    return device


def test_a_value_is_told(cast: Cast, hooked: Receiver, kiln: Device) -> None:
    webhook = watching(cast, hooked)
    reports(kiln, 21.5, of=stream(cast))
    assert values.note([kiln.pk]) == 1
    assert sent(webhook, hooked) == [21.5]
    said = hooked.told[0].said
    assert said["type"] == "device.value"
    assert said["data"] == {
        "datastream": {"id": stream(cast).pk, "pin": "v2", "name": "Temperature", "units": "°C"},
        "value": 21.5,
        "device": {"id": kiln.pk, "name": "Kiln", "template": "Heat pump"},
        "organization": {"id": cast.north.pk, "name": "North"},
    }
    assert values.note([kiln.pk]) == values.note() == 0  # It was told already.


def test_what_waits_gives_way_to_what_is_newer(cast: Cast, hooked: Receiver, kiln: Device) -> None:
    webhook = watching(cast, hooked)
    for second in range(5):
        reports(kiln, 20 + second, of=stream(cast), seconds=second)
        values.note([kiln.pk])
    assert Delivery.objects.get().value == 24
    assert sent(webhook, hooked) == [24]
    reports(kiln, 25, of=stream(cast), seconds=9)
    values.note([kiln.pk])
    assert sent(webhook, hooked) == [24, 25]


@pytest.mark.parametrize("sent_between", [True, False])
def test_a_clock_that_is_ahead_silences_nobody(
    cast: Cast, hooked: Receiver, kiln: Device, *, sent_between: bool
) -> None:
    webhook = watching(cast, hooked)
    reports(kiln, 99, of=stream(cast), seconds=86_400)
    assert values.note([kiln.pk]) == 1
    if sent_between:
        assert sent(webhook, hooked) == [99]
        assert values.note([kiln.pk]) == 0  # What is known is not told again.
    reports(kiln, 20, of=stream(cast), seconds=1)
    assert values.note([kiln.pk]) == 1
    assert sent(webhook, hooked)[-1] == 20
    assert len(hooked.told) == (2 if sent_between else 1)
    assert values.note() == 0


def test_what_a_receiver_may_have_seen_stays_as_it_was(cast: Cast, hooked: Receiver, kiln: Device) -> None:
    webhook = watching(cast, hooked)
    hooked.script.append(Scripted(status=503))
    reports(kiln, 20, of=stream(cast))
    values.note([kiln.pk])
    assert sent(webhook, hooked) == [20]
    reports(kiln, 30, of=stream(cast), seconds=2)
    values.note([kiln.pk])
    with clock.at(clock.now() + dt.timedelta(seconds=BACKOFF[0] + 1)):
        assert sent(webhook, hooked) == [20, 20, 30]
    numbers = [one.message_id for one in hooked.told]
    assert numbers[0] == numbers[1] != numbers[2]


def test_who_was_not_there_looks_through_all(cast: Cast, hooked: Receiver, kiln: Device) -> None:
    other, _token = device_of(cast.south, "Oven")
    before, _token = device_of(cast.south, "Old")
    reports(before, 1, of=stream(cast), seconds=-5)
    webhook = watching(cast, hooked)
    reports(kiln, 20, of=stream(cast), seconds=1)
    reports(other, 30, of=stream(cast), seconds=2)
    assert values.note() == 2  # Not what was reported before there was a webhook.
    assert sent(webhook, hooked) == [20, 30]


def test_only_the_datastreams_that_were_chosen(cast: Cast, hooked: Receiver, kiln: Device) -> None:
    watching(cast, hooked)
    reports(kiln, 20, of=stream(cast, "Target"), seconds=1)
    assert values.note([kiln.pk]) == 0
    assert not Delivery.objects.exists()


def test_only_what_is_below(cast: Cast, hooked: Receiver, kiln: Device) -> None:
    south, _token = device_of(cast.south, "Oven")
    with staging():
        template_of(cast.lumen).uses.create(tenant=cast.lumen, organization=cast.south)
    webhook = watching(cast, hooked, cast.south)
    reports(kiln, 20, of=stream(cast), seconds=1)
    reports(south, 30, of=stream(cast), seconds=1)
    values.note()
    assert sent(webhook, hooked) == [30]
    # A device that has left meanwhile is not told of.
    reports(south, 31, of=stream(cast), seconds=2)
    values.note()
    with staging():
        Device.objects.filter(pk=south.pk).update(organization=cast.north, path=cast.north.path)
    assert sent(webhook, hooked) == [30]
    assert Delivery.objects.order_by("pk").values_list("state", flat=True)[1] == State.WITHHELD


@pytest.mark.parametrize("gone", ["off", "archived", "deleted device"])
def test_nothing_is_written_down_for_who_is_not_to_hear(cast: Cast, hooked: Receiver, kiln: Device, gone: str) -> None:
    webhook = watching(cast, hooked, cast.lumen)
    assert values.wanted()
    if gone == "off":
        perform(DisableWebhook, actor=actor(cast.ada), target_id=webhook.pk, data=NoInput())
        assert not values.wanted()
    elif gone == "archived":
        with staging():
            Organization.objects.filter(pk=cast.lumen.pk).update(archived_at=clock.now())
    else:
        with staging():
            Device.objects.filter(pk=kiln.pk).update(deleted_at=clock.now())
    reports(kiln, 20, of=stream(cast), seconds=1)
    assert values.note() == 0


def test_switched_on_again_it_hears_what_comes_from_then_on(cast: Cast, hooked: Receiver, kiln: Device) -> None:
    webhook = watching(cast, hooked)
    perform(DisableWebhook, actor=actor(cast.ada), target_id=webhook.pk, data=NoInput())
    reports(kiln, 20, of=stream(cast), seconds=1)
    with clock.at(clock.now() + dt.timedelta(seconds=60)):
        perform(EnableWebhook, actor=actor(cast.ada), target_id=webhook.pk, data=NoInput())
        assert values.note() == 0
        reports(kiln, 21, of=stream(cast), seconds=1)
        values.note()
        assert sent(webhook, hooked) == [21]


def test_skipped_and_sent_again(cast: Cast, hooked: Receiver, kiln: Device) -> None:
    webhook = watching(cast, hooked)
    reports(kiln, 20, of=stream(cast))
    values.note()
    skipped = Delivery.objects.get()
    perform(CancelDelivery, actor=actor(cast.ada), target_id=webhook.pk, data=DeliveryInput(delivery_id=skipped.pk))
    reports(kiln, 21, of=stream(cast), seconds=1)
    values.note()
    perform(SendDelivery, actor=actor(cast.ada), target_id=webhook.pk, data=DeliveryInput(delivery_id=skipped.pk))
    assert sent(webhook, hooked) == [20, 21]


def test_values_need_datastreams_that_devices_there_can_have(cast: Cast) -> None:
    evil = stream(cast, tenant=cast.evil)
    mine = stream(cast)
    for triggers, streams in (
        (("devices.value",), ()),
        (("users.changed",), (mine.pk,)),
        (("devices.value",), (evil.pk,)),
        (("devices.value",), (mine.pk, 987_654_321)),
        (("devices.value",), tuple(range(1, values.MOST_STREAMS + 2))),
    ):
        data = webhook_input(triggers=triggers, streams=streams)
        with pytest.raises(Refused, match="webhook_streams"):
            perform(CreateWebhook, actor=actor(cast.ada), target_id=cast.lumen.pk, data=data)
    # A branch for which the template is not enabled, and nobody below it either.
    data = webhook_input(triggers=("devices.value",), streams=(mine.pk,))
    with pytest.raises(Refused, match="webhook_streams"):
        perform(CreateWebhook, actor=actor(cast.ada), target_id=cast.south.pk, data=data)


def test_values_need_the_right_to_see_what_devices_report(cast: Cast) -> None:
    data = webhook_input(triggers=("devices.value",), streams=(stream(cast).pk,), permissions=("devices.view",))
    with pytest.raises(Refused, match="webhook_rights"):
        perform(CreateWebhook, actor=actor(cast.ada), target_id=cast.lumen.pk, data=data)


def test_other_datastreams_are_told_from_then_on(cast: Cast, hooked: Receiver, kiln: Device) -> None:
    webhook = watching(cast, hooked)
    reports(kiln, 7, of=stream(cast, "Target"), seconds=-2)
    target = stream(cast, "Target")
    data = EditWebhookInput(
        name="CRM", url=hooked.url, triggers=("devices.value",), permissions=LOOKS, streams=(target.pk,)
    )
    perform(EditWebhook, actor=actor(cast.ada), target_id=webhook.pk, data=data)
    (entry,) = Entry.objects.filter(code="webhook.edit", result="done")
    change = next(each for each in entry.changes if each["field"] == "datastreams")
    assert (change["before"], change["after"]) == ("Heat pump: Temperature", "Heat pump: Target")
    assert values.note() == 0
    reports(kiln, 8, of=target, seconds=1)
    values.note()
    assert sent(webhook, hooked) == [8]


def test_the_form_offers_datastreams_and_keeps_them(cast: Cast, hooked: Receiver, signed_in: SignedIn) -> None:
    mine = stream(cast)
    stream(cast, tenant=cast.evil)
    client = signed_in(cast.ada)
    page = client.get("/settings/webhooks/new/").content.decode()
    assert page.count(f'name="streams" value="{mine.pk}"') == 1
    assert page.count('name="streams"') == 7
    said = {"name": "Kilns", "url": hooked.url, "triggers": ["devices.value"], "permissions": list(LOOKS)}
    assert "Choose the datastreams" in client.post("/settings/webhooks/new/", said).content.decode()
    client.post("/settings/webhooks/new/", {**said, "streams": [mine.pk]})
    webhook = Webhook.objects.get(name="Kilns")
    assert webhook.streams == [mine.pk]
    assert "Heat pump: Temperature" in client.get(f"/webhooks/{webhook.pk}/").content.decode()
    edited = client.get(f"/webhooks/{webhook.pk}/edit/").content.decode()
    assert f'value="{mine.pk}" checked' in edited
