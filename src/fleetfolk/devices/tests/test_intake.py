"""Reports become latest values, minutes and points."""

import datetime as dt

import pytest
from django.db import connection

from fleetfolk.devices.intake import Report, record
from fleetfolk.devices.models import Datastream, Device, Minute, Point, Reported
from fleetfolk.devices.values import Stream, Value
from fleetfolk.kernel import clock
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.door import staging

NOON = int(dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC).timestamp() * 1000)


@pytest.fixture
def device(cast: Cast) -> Device:
    return device_of(cast.berg, owner=cast.bob)[0]


def say(device: Device, pin: int, *values: tuple[Value, int]) -> None:
    stream = Stream.of(Datastream.objects.get(template=device.template, pin=pin))
    reports = [Report(device_id=device.pk, stream=stream, value=value, at_ms=NOON + at) for value, at in values]
    with connection.cursor() as cursor:
        record(cursor, reports)


def test_the_newest_value_is_the_latest_whatever_the_order(device: Device) -> None:
    say(device, 1, (20.0, 0), (22.0, 2_000), (21.0, 1_000))
    reported = Reported.objects.get(device=device)
    assert reported.values == {"1": 22.0}
    assert reported.times == {"1": NOON + 2_000}
    say(device, 0, (True, 0))
    assert Reported.objects.get(device=device).values == {"0": True, "1": 22.0}


def test_a_minute_holds_how_many_their_sum_least_and_most_also_over_two_batches(device: Device) -> None:
    say(device, 1, (20.0, 0), (24.0, 59_999), (10.0, 60_000))
    say(device, 1, (16.0, 30_000))
    minutes = list(Minute.objects.filter(device_id=device.pk).order_by("minute").values_list("count", "total"))
    assert minutes == [(3, 60.0), (1, 10.0)]
    first = Minute.objects.filter(device_id=device.pk).order_by("minute")[0]
    assert (first.least, first.most, first.minute) == (16.0, 24.0, dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC))
    assert not Point.objects.filter(device_id=device.pk).exists(), "this datastream keeps averages only"


def test_a_datastream_that_keeps_every_value_does_also_for_texts(device: Device) -> None:
    say(device, 3, (1, 0), (2, 1_500))
    say(device, 4, ("filter changed", 500))
    numbers = Point.objects.filter(device_id=device.pk, text=None).order_by("at").values_list("number", "at")
    assert [(number, at.microsecond) for number, at in numbers] == [(1.0, 0), (2.0, 500_000)]
    assert list(Point.objects.filter(device_id=device.pk, number=None).values_list("text", flat=True)) == [
        "filter changed"
    ]


def test_what_comes_late_is_history_and_not_the_latest(device: Device) -> None:
    say(device, 1, (22.0, 5_000))
    say(device, 3, (7, 1_000))
    say(device, 1, (20.0, 4_000))
    reported = Reported.objects.get(device=device)
    assert reported.values == {"1": 22.0, "3": 7}
    assert reported.times == {"1": NOON + 5_000, "3": NOON + 1_000}
    assert Minute.objects.get(device_id=device.pk, count=2).total == 42.0
    say(device, 1, (21.0, 5_000))
    assert Reported.objects.get(device=device).values["1"] == 21.0, "of equally new ones the last"


def test_a_clock_that_went_ahead_does_not_keep_new_values_out(device: Device) -> None:
    tomorrow = 24 * 3600 * 1000
    with staging():
        ahead = int(clock.now().timestamp() * 1000) + tomorrow
        Reported.objects.filter(device=device).update(values={"1": 22.0}, times={"1": ahead})
    say(device, 1, (20.0, 0))
    assert Reported.objects.get(device=device).values == {"1": 20.0}
