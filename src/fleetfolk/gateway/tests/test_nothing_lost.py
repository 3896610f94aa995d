"""What was acknowledged is there, whatever is killed."""

import os
import signal
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Protocol, Self

import psycopg
from django.db import connection

from fleetfolk.devices.models import Point, Reported
from fleetfolk.gateway.tests.conftest import Hardware, Running
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.races import _address

COUNTER = 3
"""The pin of a datastream that keeps every value."""


@dataclass(kw_only=True)
class Counting:
    """A device that reports 1, 2, 3 … and remembers what it was told is saved."""

    hardware: Hardware
    port: int
    acknowledged: list[int] = field(default_factory=list)
    failures: int = 0
    ending: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        number = 0
        asked = HTTPConnection("127.0.0.1", self.port, timeout=10)
        while not self.ending.is_set():
            number += 1
            try:
                asked.request("GET", f"/external/api/update?token={self.hardware.token}&v{COUNTER}={number}")
                answer = asked.getresponse()
                answer.read()
                if answer.status == 200:
                    self.acknowledged.append(number)
                else:
                    self.failures += 1
                    assert answer.status in {429, 503}, answer.status
            except (OSError, HTTPException):
                self.failures += 1
                asked.close()
                time.sleep(0.02)
            time.sleep(0.02)
        asked.close()


class Reached(Protocol):
    """Where devices report to."""

    @property
    def port(self) -> int: ...


class Crowd:
    """Several devices counting at once."""

    def __init__(self, gateway: Reached, copy: Cast, count: int = 4) -> None:
        made = [device_of(copy.berg, f"Counter {number}") for number in range(count)]
        devices = [Hardware(device=device, token=token) for device, token in made]
        self.counting = [Counting(hardware=hardware, port=gateway.port) for hardware in devices]
        self.threads = [threading.Thread(target=each.run) for each in self.counting]

    def __enter__(self) -> Self:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for each in self.counting:
            each.ending.set()
        for thread in self.threads:
            thread.join()

    def wait_for_more(self, count: int = 20) -> None:
        """Each has had so many more acknowledged."""
        goals = [len(each.acknowledged) + count for each in self.counting]
        deadline = time.monotonic() + 60
        while any(len(each.acknowledged) < goal for each, goal in zip(self.counting, goals, strict=True)):
            assert time.monotonic() < deadline, [each.failures for each in self.counting]
            time.sleep(0.05)

    def check(self) -> None:
        """Everything that was acknowledged is stored, once."""
        for each in self.counting:
            stored = list(Point.objects.filter(device_id=each.hardware.device.pk).values_list("number", flat=True))
            assert len(each.acknowledged) > 20
            assert set(each.acknowledged) <= {int(number or 0) for number in stored}
            assert len(stored) == len(set(stored))
            latest = Reported.objects.get(device=each.hardware.device).values[str(COUNTER)]
            assert latest >= each.acknowledged[-1]


def test_nothing_is_lost_when_the_gateway_is_killed(gateway: Running, copy: Cast) -> None:
    with Crowd(gateway, copy) as crowd:
        for _ in range(2):
            crowd.wait_for_more()
            assert gateway.child is not None
            os.killpg(gateway.child.process.pid, signal.SIGKILL)
            gateway.child.process.wait()
            gateway.start()
        crowd.wait_for_more()
    assert all(each.failures for each in crowd.counting), "it was noticed"
    crowd.check()


def test_nothing_is_lost_when_the_database_drops_the_gateway(gateway: Running, copy: Cast) -> None:
    with Crowd(gateway, copy) as crowd:
        for _ in range(3):
            crowd.wait_for_more()
            with psycopg.connect(**_address(), autocommit=True) as other:
                dropped = other.execute(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND application_name LIKE 'fleetfolk gateway%'"
                ).fetchone()
            assert dropped is not None
            assert dropped[0] >= 1
        crowd.wait_for_more()
    crowd.check()


def test_a_request_that_the_database_refuses_does_not_take_others_with_it(
    gateway: Running, copy: Cast, hardware: Hardware
) -> None:
    """The trigger stands for whatever nobody thought of."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF NEW.device_id = {hardware.device.pk} THEN RAISE 'refused'; END IF; RETURN NEW; END $$;"
            "CREATE TRIGGER refuse BEFORE INSERT ON devices_point FOR EACH ROW EXECUTE FUNCTION refuse()"
        )
    try:
        with Crowd(gateway, copy, count=2) as crowd:
            for _ in range(10):
                with closing(HTTPConnection("127.0.0.1", gateway.port, timeout=10)) as asked:
                    asked.request("GET", f"/external/api/update?token={hardware.token}&v{COUNTER}=1")
                    assert asked.getresponse().status == 503
            crowd.wait_for_more()
        assert not any(each.failures for each in crowd.counting)
        crowd.check()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER refuse ON devices_point; DROP FUNCTION refuse()")
