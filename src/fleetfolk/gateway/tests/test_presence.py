"""Who is there: online with the first report, offline so long after the last as the template says."""

import datetime as dt
import time
from collections.abc import Callable

from fleetfolk.devices.models import Event, Reported
from fleetfolk.gateway.tests.conftest import Hardware, Running
from fleetfolk.kernel import clock
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.devices import device_of


def events(hardware: Hardware) -> list[str]:
    return list(Event.objects.filter(device=hardware.device).order_by("at", "id").values_list("code", flat=True))


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False


def silent_for(hardware: Hardware, seconds: float) -> None:
    """As if the device had last reported so long ago."""
    then = clock.now() - dt.timedelta(seconds=seconds)
    Reported.objects.filter(device=hardware.device).update(
        reported_at=then,
        reported_minute=then.replace(second=0, microsecond=0),
        online_until=then + dt.timedelta(seconds=hardware.device.template.offline_after),
    )


def is_online(hardware: Hardware) -> bool:
    return Reported.objects.get(device=hardware.device).online


def test_a_silent_device_goes_offline_within_two_seconds_and_its_timeline_says_so_once(
    gateway: Running, hardware: Hardware
) -> None:
    gateway.ask("/update", token=hardware.token, v1="20")
    assert is_online(hardware)
    silent_for(hardware, 61)
    assert within(2, lambda: not is_online(hardware))
    assert gateway.ask("/isHardwareConnected", token=hardware.token) == (200, "false")
    time.sleep(1)
    assert events(hardware) == ["online", "offline"]


def test_who_is_silent_for_less_than_allowed_stays_online(gateway: Running, hardware: Hardware) -> None:
    gateway.ask("/update", token=hardware.token, v1="20")
    silent_for(hardware, 57)
    time.sleep(1.2)
    assert is_online(hardware)
    gateway.ask("/update", token=hardware.token, v1="21")
    assert events(hardware) == ["online"]


def test_several_gateways_side_by_side_tell_it_once_and_lose_nothing(
    gateway: Running, copy: Cast, hardware: Hardware
) -> None:
    second = Running(folder=gateway.folder, processes=2)
    second.start()
    try:
        others = [device_of(copy.berg, f"Many {number}")[1] for number in range(5)]
        for number in range(30):
            for token in others:
                each = (gateway, second)[number % 2]
                assert each.ask("/update", token=token, v3=str(number)) == (200, "")
        gateway.ask("/update", token=hardware.token, v1="20")
        silent_for(hardware, 61)
        assert within(2, lambda: not is_online(hardware))
        time.sleep(1)
        assert events(hardware) == ["online", "offline"]
        assert {second.ask("/get", token=token, v3="")[1] for token in others} == {"29"}
    finally:
        second.stop()
