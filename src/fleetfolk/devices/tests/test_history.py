"""Charts get few points, whatever the period."""

import datetime as dt

import pytest
from django.db import connection

from fleetfolk.devices.history import Step, series, step_seconds
from fleetfolk.devices.intake import Report, record
from fleetfolk.devices.models import Datastream, Device
from fleetfolk.devices.values import Stream
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.devices import device_of

START = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


@pytest.fixture
def device(cast: Cast) -> Device:
    return device_of(cast.berg)[0]


def report(device: Device, pin: int, count: int, *, every: int) -> Stream:
    """One value every so many seconds: 0, 1, 2 …"""
    stream = Stream.of(Datastream.objects.get(template=device.template, pin=pin))
    first = int(START.timestamp() * 1000)
    reports = [
        Report(device_id=device.pk, stream=stream, value=number, at_ms=first + number * every * 1000)
        for number in range(count)
    ]
    with connection.cursor() as cursor:
        record(cursor, reports)
    return stream


def test_a_day_is_drawn_in_steps_of_some_minutes_with_average_least_and_most(device: Device) -> None:
    stream = report(device, 2, 10, every=60)
    found = series(device.pk, stream, since=START, until=START + dt.timedelta(days=1), points=300)
    first = int(START.timestamp())
    assert found == [Step(first, 2.0, 0.0, 4.0), Step(first + 300, 7.0, 5.0, 9.0)]


def test_ten_minutes_of_what_keeps_every_value_are_drawn_by_the_second(device: Device) -> None:
    stream = report(device, 3, 4, every=1)
    found = series(device.pk, stream, since=START, until=START + dt.timedelta(minutes=10))
    assert [step.average for step in found] == [0.0, 1.0, 2.0, 3.0]


def test_what_lies_outside_or_is_of_another_device_is_not_drawn(cast: Cast, device: Device) -> None:
    stream = report(device, 2, 3, every=3600)
    later = START + dt.timedelta(hours=1)
    assert len(series(device.pk, stream, since=later, until=later + dt.timedelta(hours=1))) == 1
    assert series(device_of(cast.berg)[0].pk, stream, since=START, until=later) == []


@pytest.mark.parametrize("days", [0.01, 1, 7, 31, 92, 366])
def test_there_are_never_more_points_than_asked_for(days: float) -> None:
    length = dt.timedelta(days=days)
    assert length.total_seconds() / step_seconds(START, START + length, 600) <= 600
