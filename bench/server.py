"""The servers that are measured: ours as `make run` starts it, and Django's admin served by the same program."""

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from fleetfolk.config.runtime.children import Child, spawn
from fleetfolk.config.runtime.ports import free_port
from fleetfolk.config.runtime.services import WORKER_COMMAND, web_command

LONGEST_START = 90.0
PROCESSES = min(os.cpu_count() or 1, 4)


@dataclass(frozen=True, kw_only=True, slots=True)
class Running:
    """A server that answers on loopback."""

    port: int
    child: Child

    def peak_megabytes(self) -> float:
        """The most memory that its processes have held, added up; shared pages count in each. Linux only, else 0."""
        return peak_megabytes(self.child)


def environment(*, url: str, folder: Path, port: int) -> dict[str, str]:
    """What a server of the benchmark sees: demo settings as in `make run`, without debug, on loopback."""
    metrics = folder / f"metrics-{port}"
    metrics.mkdir(parents=True, exist_ok=True)
    for left in metrics.iterdir():
        left.unlink()
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "fleetfolk.config.settings",
        "DATABASE_URL": url,
        "FLEETFOLK_MODE": "demo",
        "FLEETFOLK_DEBUG": "0",
        "FLEETFOLK_DATA": str(folder),
        "FLEETFOLK_ORIGIN": f"http://localhost:{port}",
        "FLEETFOLK_PORT": str(port),
        "FLEETFOLK_PROOF_MINUTES": "600",  # A run is longer than the minutes that a sign-in counts for.
        "FLEETFOLK_API_PER_MINUTE": "1000000",  # How many there can be is measured, and not how many may be.
        "PROMETHEUS_MULTIPROC_DIR": str(metrics),
        "PYTHONUNBUFFERED": "1",
    }


@contextlib.contextmanager
def ours(*, url: str, folder: Path) -> Iterator[Running]:
    """Our pages, as `make run` serves them."""
    port = free_port()
    surroundings = environment(url=url, folder=folder, port=port)
    gather = spawn(
        "preparation",
        [sys.executable, "-m", "fleetfolk.config.runtime.prepare"],
        log=folder / "prepare.log",
        environment=surroundings,
    )
    if gather.process.wait(LONGEST_START):
        raise SystemExit(f"The static files could not be gathered:\n{gather.output()[-2000:]}")
    with _serving(port, web_command(host="127.0.0.1", port=port, processes=PROCESSES), folder, surroundings) as running:
        yield running


@contextlib.contextmanager
def admin(*, url: str, folder: Path) -> Iterator[Running]:
    """Django's admin over the same database, in which ours keeps the sessions."""
    port = free_port()
    surroundings = environment(url=url, folder=folder, port=port) | {"DJANGO_SETTINGS_MODULE": "bench.admin_settings"}
    command = web_command(host="127.0.0.1", port=port, processes=PROCESSES, application="bench.admin_wsgi:application")
    with _serving(port, command, folder, surroundings) as running:
        yield running


@contextlib.contextmanager
def worker(*, url: str, folder: Path, port: int) -> Iterator[Child]:
    """The worker, as `make run` starts it."""
    child = spawn(
        "worker", WORKER_COMMAND, log=folder / "worker.log", environment=environment(url=url, folder=folder, port=port)
    )
    try:
        yield child
    finally:
        child.stop(seconds=15)


@contextlib.contextmanager
def _serving(port: int, command: list[str], folder: Path, surroundings: dict[str, str]) -> Iterator[Running]:
    child = spawn("web server", command, log=folder / f"web-{port}.log", environment=surroundings)
    try:
        _wait(child, port)
        yield Running(port=port, child=child)
    finally:
        child.stop(seconds=8)


def _wait(child: Child, port: int) -> None:
    """It answers."""
    deadline = time.monotonic() + LONGEST_START
    while time.monotonic() < deadline and child.alive:
        with contextlib.suppress(OSError, HTTPException):
            connection = HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/healthz", headers={"Host": f"localhost:{port}"})
            if connection.getresponse().status < 500:
                return
        time.sleep(0.1)
    raise SystemExit(f"The server did not answer; it {child.ending()}:\n{child.output()[-2000:]}")


def peak_megabytes(child: Child) -> float:
    """The most memory that the processes of the child's group have held, added up."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError, ValueError, ProcessLookupError):
            if os.getpgid(int(status.parent.name)) == child.process.pid:
                fields = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
                total += int(fields["VmHWM"].split()[0])
    return total / 1024
