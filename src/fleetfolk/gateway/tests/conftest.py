"""A gateway as it runs in earnest: granian in a process of its own, on a copy of the test database."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from fleetfolk.config.runtime.children import Child, spawn
from fleetfolk.config.runtime.ports import free_port
from fleetfolk.config.runtime.services import gateway_command
from fleetfolk.devices.models import Datastream, Device
from fleetfolk.testing.cast import Cast, find_cast
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.races import own_copy_of_the_database

LONGEST_START = 150.0
CURL = shutil.which("curl") or "/usr/bin/curl"


@dataclass(frozen=True, kw_only=True)
class Hardware:
    """A device and what its firmware knows."""

    device: Device
    token: str

    def stream(self, pin: int) -> int:
        """The key of the datastream at this pin."""
        return int(Datastream.objects.get(template_id=self.device.template_id, pin=pin).pk)


@dataclass(kw_only=True)
class Running:
    """A gateway that answers on its port."""

    folder: Path
    port: int = field(default_factory=free_port)
    processes: int = 1
    child: Child | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}/external/api"

    def start(self) -> None:
        """It answers that it is ready."""
        url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "fleetfolk.config.settings",
            "DATABASE_URL": url,
            "FLEETFOLK_DATA": str(self.folder),
            "FLEETFOLK_ORIGIN": f"http://localhost:{self.port}",
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        self.child = spawn(
            "gateway",
            gateway_command(port=self.port, processes=self.processes),
            log=self.folder / "gateway.log",
            environment=environment,
        )
        deadline = time.monotonic() + LONGEST_START
        while not self._ready():
            if not self.child.alive or time.monotonic() > deadline:
                pytest.fail(f"The gateway did not start: {self.child.output()}")
            time.sleep(0.05)

    def stop(self) -> None:
        if self.child is not None:
            self.child.stop(seconds=5)

    def ask(self, path: str, **parameters: object) -> tuple[int, str]:
        """Status and body of a GET."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=20)) as asked:
            asked.request("GET", f"/external/api{path}?{urlencode(parameters)}")
            answer = asked.getresponse()
            return answer.status, answer.read().decode()

    def curl(self, *arguments: str) -> tuple[int, str]:
        """Status and body of what curl is told to ask."""
        said = subprocess.run(
            [CURL, "--silent", "--show-error", "--max-time", "20", "--write-out", "\n%{http_code}", *arguments],
            capture_output=True,
            check=False,
        )
        assert said.returncode == 0, said.stderr.decode()
        body, _, status = said.stdout.decode(errors="replace").rpartition("\n")
        return int(status), body

    def _ready(self) -> bool:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=5)) as asked:
            try:
                asked.request("GET", "/readyz")
                return asked.getresponse().status == 200
            except (OSError, HTTPException):
                return False


@pytest.fixture(scope="module")
def copy(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """The cast, in a database of this module's tests, in which commits count."""
    with django_db_blocker.unblock(), own_copy_of_the_database():
        yield find_cast()


@pytest.fixture(scope="module")
def gateway(copy: Cast, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A gateway on the copy."""
    running = Running(folder=tmp_path_factory.mktemp("gateway"))
    running.start()
    yield running
    running.stop()
    said = running.child.output() if running.child else ""
    assert "Traceback" not in said or "RaiseException" in said, said


@pytest.fixture
def hardware(copy: Cast) -> Hardware:
    """Bob's device, active and new."""
    device, token = device_of(copy.berg, "Cellar", owner=copy.bob)
    return Hardware(device=device, token=token)
