"""The process that sends, as it runs: it hears of what waits at once, and killed it loses nothing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from fleetfolk.devices.intake import Report, record
from fleetfolk.devices.models import Datastream
from fleetfolk.devices.values import Stream
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor, find_cast
from fleetfolk.testing.devices import device_of, template_of
from fleetfolk.testing.door import staging
from fleetfolk.testing.races import own_copy_of_the_database
from fleetfolk.testing.receiver import Receiver
from fleetfolk.testing.samples_webhooks import webhook_of
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.enable_user import EnableUser
from fleetfolk.users.actions.no_input import NoInput, ReasonInput
from fleetfolk.webhooks.models import Delivery, State

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqr"
LANES = 3
"""Receivers beside the slow one."""


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """The cast in a database in which commits count."""
    with django_db_blocker.unblock(), own_copy_of_the_database():
        yield find_cast()


@contextmanager
def herald(receiver: Receiver) -> Iterator[subprocess.Popen[bytes]]:
    """The process runs, over the database of the test."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "fleetfolk.config.settings",
        "DATABASE_URL": url,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "FLEETFOLK_MODE": "test",
        "FLEETFOLK_WEBHOOK_HOSTS": receiver.host,
        "SSL_CERT_FILE": str(receiver.authority),
    }
    process = subprocess.Popen([sys.executable, "-m", "fleetfolk.webhooks.herald"], env=environment)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def toggle(cast: Cast, times: int) -> None:
    """Cleo is disabled and enabled so often: two entries each time."""
    for _turn in range(times):
        perform(DisableUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=ReasonInput())
        perform(EnableUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=NoInput())


def test_killed_in_the_middle_nothing_is_lost_and_the_order_holds(committed: Cast, hooked: Receiver) -> None:
    webhook_of(committed.north, by=committed.ada, url=hooked.url, secret=SECRET)
    hooked.slow = 0.2
    toggle(committed, 4)
    with herald(hooked) as first:
        hooked.heard(3, seconds=60)
        first.send_signal(signal.SIGKILL)
        first.wait()
    before = len(hooked.told)
    assert 3 <= before < 8
    waiting = Delivery.objects.filter(state=State.WAITING).count()
    assert waiting >= 8 - before
    hooked.slow = 0.0
    with herald(hooked):
        hooked.heard(before + waiting, seconds=60)
        # What happens while it runs is heard of at once.
        began = time.monotonic()
        toggle(committed, 1)
        hooked.heard(before + waiting + 2, seconds=10)
        took = time.monotonic() - began
    ids = [one.message_id for one in hooked.told]
    ordered = [f"msg_{key.hex}" for key in Delivery.objects.order_by("pk").values_list("public_id", flat=True)]
    assert list(dict.fromkeys(ids)) == ordered
    assert len(ordered) == 10
    assert len(ids) <= len(ordered) + 1  # What was answered and not marked came twice, under the same number.
    assert all(one.is_signed_with(SECRET) for one in hooked.told)
    assert not Delivery.objects.exclude(state=State.DONE).exists()
    assert took < 3


def test_what_devices_report_is_heard_of_also_when_nobody_listened(committed: Cast, hooked: Receiver) -> None:
    kiln, _token = device_of(committed.north, "Kiln")
    stream = Datastream.objects.get(template=template_of(committed.lumen), name="Temperature")

    def reports(value: float) -> None:
        at_ms = int(time.time() * 1000)
        with staging(), transaction.atomic(), connection.cursor() as cursor:
            record(cursor, [Report(device_id=kiln.pk, stream=Stream.of(stream), value=value, at_ms=at_ms)])

    triggers = ("devices.value",)
    webhook_of(committed.lumen, by=committed.ada, url=hooked.url, triggers=triggers, streams=(stream.pk,))
    reports(20.5)
    with herald(hooked) as first:
        hooked.heard(1, seconds=60)
        began = time.monotonic()
        reports(21.5)
        hooked.heard(2, seconds=10)
        took = time.monotonic() - began
        until = time.monotonic() + 10
        while Delivery.objects.filter(state=State.WAITING).exists() and time.monotonic() < until:
            time.sleep(0.05)
        first.send_signal(signal.SIGKILL)
        first.wait()
    reports(22.5)
    reports(23.5)
    with herald(hooked):
        hooked.heard(3, seconds=60)
    assert [one.said["data"]["value"] for one in hooked.told] == [20.5, 21.5, 23.5]
    assert took < 3


def test_a_slow_receiver_keeps_nobody_else_waiting_nor_the_end(committed: Cast, hooked: Receiver) -> None:
    webhook_of(committed.north, by=committed.ada, name="slow", url=f"{hooked.origin}/slow", secret=SECRET)
    for number in range(LANES):
        url = f"{hooked.origin}/{number}"
        webhook_of(committed.north, by=committed.ada, name=f"{number}", url=url, secret=SECRET)
    hooked.waits_at["/slow"] = 4.0
    with herald(hooked) as process:
        toggle(committed, 3)
        until = time.monotonic() + 30
        while sum(one.path != "/slow" for one in hooked.told) < 6 * LANES and time.monotonic() < until:
            time.sleep(0.05)
        told = [one.path for one in hooked.told]
        process.send_signal(signal.SIGTERM)
        # It finishes what it is sending, four seconds, and leaves what waits behind that to the next.
        assert process.wait(9) == 0
    assert Delivery.objects.filter(state=State.WAITING, webhook__name="slow").count() >= 3
    assert [told.count(f"/{number}") for number in range(LANES)] == [6] * LANES
    assert told.count("/slow") <= 2
