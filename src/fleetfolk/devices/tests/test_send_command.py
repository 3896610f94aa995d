"""People set datastreams."""

import pytest

from fleetfolk.actionlog.models import Entry
from fleetfolk.devices.actions.send_command import SendCommand, SendCommandInput
from fleetfolk.devices.models import Datastream, Device, Minute, Reported, ShareLevel
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of, shared_with
from fleetfolk.testing.door import staging
from fleetfolk.users.models import User


@pytest.fixture
def device(cast: Cast) -> Device:
    return device_of(cast.berg, owner=cast.bob)[0]


def send(device: Device, user: User, pin: int, *texts: str) -> None:
    stream = Datastream.objects.get(template=device.template, pin=pin)
    perform(
        SendCommand, actor=actor(user), target_id=device.pk, data=SendCommandInput(stream_id=stream.pk, texts=texts)
    )


def test_it_is_the_latest_value_in_the_history_and_in_the_log(cast: Cast, device: Device) -> None:
    send(device, cast.bob, 1, "99")
    reported = Reported.objects.get(device=device)
    assert reported.values == {"1": 30.0}, "cropped to the range"
    assert not reported.online, "somebody else spoke"
    assert Minute.objects.get(device_id=device.pk).total == 30.0
    entry = Entry.objects.get(code="device.command.send", target_id=device.pk)
    assert entry.facts == {"datastream": "Target", "value": "30.0 °C"}
    assert entry.actor_id == str(cast.bob.pk)


@pytest.mark.parametrize(
    ("pin", "text", "reason"),
    [(1, "warm", "command_wrong_value"), (2, "20", "command_read_only"), (5, "7", "command_wrong_value")],
)
def test_what_does_not_fit_is_refused(cast: Cast, device: Device, pin: int, text: str, reason: str) -> None:
    with pytest.raises(Refused) as refusal:
        send(device, cast.bob, pin, text)
    assert refusal.value.reason == reason
    assert Reported.objects.get(device=device).values == {}


def test_a_datastream_of_another_template_is_not_there(cast: Cast, device: Device) -> None:
    other = device_of(cast.evil)[0]
    stream = Datastream.objects.get(template=other.template, pin=1)
    with pytest.raises(Refused) as refusal:
        perform(
            SendCommand,
            actor=actor(cast.bob),
            target_id=device.pk,
            data=SendCommandInput(stream_id=stream.pk, texts=("20",)),
        )
    assert refusal.value.reason == "command_no_stream"


def test_a_deactivated_device_is_told_nothing(cast: Cast, device: Device) -> None:
    with staging():
        Device.objects.filter(pk=device.pk).update(deactivated_at=clock.now())
    with pytest.raises(Refused):
        send(device, cast.bob, 0, "1")


def test_who_may_only_see_it_cannot_set_it(cast: Cast, device: Device) -> None:
    share = shared_with(device, cast.sue)
    with pytest.raises(Denied) as refusal:
        send(device, cast.sue, 0, "1")
    assert refusal.value.reason == "share_too_low"
    with staging():
        share.level = ShareLevel.CONTROL
        share.save(update_fields=["level"])
    send(device, cast.sue, 0, "1")
    assert Reported.objects.get(device=device).values == {"0": True}
