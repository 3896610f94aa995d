"""The history of a deleted datastream goes, in slices; that of every other stays."""

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from fleetfolk.devices import tasks_history
from fleetfolk.devices.actions.delete_datastream import DeleteDatastream
from fleetfolk.devices.intake import Report, record
from fleetfolk.devices.models import Datastream, Device, Minute, Point
from fleetfolk.devices.values import Stream
from fleetfolk.kernel import clock
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of
from fleetfolk.users.actions.no_input import NoInput

COUNTER, POWER = 3, 1


def told(device: Device, pin: int, count: int) -> int:
    """The device has reported so often. The key of the datastream."""
    stream = Stream.of(Datastream.objects.get(template=device.template, pin=pin))
    now = int(clock.now().timestamp() * 1000)
    with connection.cursor() as cursor:
        record(
            cursor,
            [Report(device_id=device.pk, stream=stream, value=9, at_ms=now - 40 * each) for each in range(count)],
        )
    return stream.id


def rows(stream: int) -> int:
    return Point.objects.filter(stream_id=stream).count() + Minute.objects.filter(stream_id=stream).count()


def work() -> int:
    """Every job that waits to forget something is done. How many there were."""
    done = 0
    while job := ProcrastinateJob.objects.filter(task_name="devices.forget_stream").order_by("id")[done:].first():
        tasks_history.forget_stream(**job.args)
        done += 1
    return done


@pytest.mark.parametrize(("seconds", "jobs"), [(10.0, 1), (0.0, 5)])
def test_the_history_of_a_deleted_datastream_is_forgotten_slice_by_slice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, seconds: float, jobs: int
) -> None:
    monkeypatch.setattr(tasks_history, "SECONDS", seconds)
    monkeypatch.setattr(tasks_history, "ROWS_AT_ONCE", 4)
    monkeypatch.setattr(tasks_history, "DEVICES_AT_ONCE", 1)
    devices = [device_of(cast.berg, name)[0] for name in ("One", "Two")]
    gone, _same = (told(device, COUNTER, 10) for device in devices)
    kept = told(devices[0], POWER, 3)
    before = rows(kept)
    assert rows(gone) >= 20
    perform(DeleteDatastream, actor=actor(cast.ada), target_id=gone, data=NoInput())
    assert work() >= jobs
    assert rows(gone) == 0
    assert rows(kept) == before > 0


def test_the_history_of_a_datastream_that_is_there_stays(cast: Cast) -> None:
    device, _token = device_of(cast.berg)
    stream = told(device, COUNTER, 5)
    before = rows(stream)
    tasks_history.forget_stream(template_id=device.template_id, stream_id=stream)
    assert rows(stream) == before > 0
