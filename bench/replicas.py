"""Two of each part behind the load balancer of deploy/several, and each started anew in turn: python -m bench.replicas

As on several machines, but for the machines: two processes each of pages, gateway and live updates, two workers, each
with a port of its own, and Caddy with the file that the guide gives. While people look, a program makes changes and
devices report, every one of them is ended and started again. No request fails; open pages are told what changes by both
processes of live updates; whatever was acknowledged is there, once.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.browser import Browser
from bench.failover import Looker
from bench.faults.installation import Installation, sure, until
from fleetfolk.config.runtime.children import Child, spawn
from fleetfolk.config.runtime.front_door import front_door_command, front_door_environment
from fleetfolk.config.runtime.ports import free_port

if TYPE_CHECKING:
    from fleetfolk.gateway.tests.test_live import Page

CADDYFILE = Path(__file__).resolve().parents[1] / "deploy/several/Caddyfile"
SERVED = ("web", "gateway", "live")
SETTLED = 2.0
"""Seconds in which the balancer has noticed that a process is back."""


@dataclass(kw_only=True)
class Replicas:
    """The parts, by name and number, and the balancer before them."""

    installation: Installation
    ports: dict[str, int] = field(default_factory=dict)
    parts: dict[str, Child] = field(default_factory=dict)

    def start(self) -> None:
        """Everything answers, through the balancer."""
        for number in (1, 2):
            for part in (*SERVED, "worker"):
                name = f"{part}-{number}"
                self.ports[name] = free_port()
                self.begin(name)
        port = self.installation.ports["web"]
        environment = {
            **os.environ,
            "ADDRESS": f"http://:{port}",
            **{
                variable: " ".join(f"127.0.0.1:{self.ports[f'{part}-{number}']}" for number in (1, 2))
                for variable, part in (("PAGES", "web"), ("GATEWAYS", "gateway"), ("LIVE", "live"))
            },
        }
        folder = self.installation.folder
        command = front_door_command(folder / "Caddyfile", CADDYFILE.read_text(encoding="utf-8"))
        known = front_door_environment(folder / "caddy", environment)
        self.parts["balancer"] = spawn("balancer", command, log=folder / "balancer.log", environment=known)
        for name in self.ports:
            self.until_ready(name)
        self.installation.ready()

    def begin(self, name: str) -> None:
        """The part is started as its service is: by the command."""
        part = name.partition("-")[0]
        command = [sys.executable, "-m", "fleetfolk.config.cli", "part", part]
        if part in SERVED:
            command += ["--port", str(self.ports[name])]
        environment = {**os.environ, **self.installation.environment(), "FLEETFOLK_PROXIES": "1"}
        log = self.installation.folder / f"{name}.log"
        self.parts[name] = spawn(name, command, log=log, environment=environment)

    def renew(self, name: str) -> bool:
        """The part was ended and started again, and is back. Whether it ended by itself when it was asked."""
        went = self.parts[name].stop(seconds=30)
        self.begin(name)
        self.until_ready(name)
        time.sleep(SETTLED)
        return went

    def until_ready(self, name: str) -> None:
        """The part answers that it has its database."""
        if name.startswith(SERVED):
            until(lambda: self._answers(name), f"{name} answers", pause=0.1)

    def close(self) -> None:
        """Nothing of it runs any more."""
        for part in self.parts.values():
            part.stop(seconds=10)

    def _answers(self, name: str) -> bool:
        sure(self.parts[name].alive, f"{name} runs: {self.parts[name].output()[-2000:]}")
        asked = HTTPConnection("127.0.0.1", self.ports[name], timeout=5)
        try:
            asked.request("GET", "/readyz", headers={"Host": "localhost"})
            return asked.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            asked.close()


def main() -> None:
    """Runs all of it, and says what it saw."""
    with tempfile.TemporaryDirectory(prefix="replicas-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        installation = Installation(folder=folder)
        # Everybody goes through the balancer.
        installation.ports["gateway"] = installation.ports["web"]
        replicas = Replicas(installation=installation)
        try:
            installation.begin()
            import django  # noqa: PLC0415 - the settings are known only now

            django.setup()
            rehearse(installation, replicas)
        except BaseException:
            for child in replicas.parts.values():
                print(f"--- {child.name} {child.ending()}\n{child.output()[-2500:]}", file=sys.stderr)
            raise
        finally:
            replicas.close()
            installation.close()


def rehearse(installation: Installation, replicas: Replicas) -> None:
    """Open pages hear from both; then each part is started anew."""
    from django.db import connection  # noqa: PLC0415 - needs the settings

    from bench.faults.traffic import Program  # noqa: PLC0415
    from bench.faults.world import World  # noqa: PLC0415
    from fleetfolk.gateway.tests.test_nothing_lost import Crowd  # noqa: PLC0415
    from fleetfolk.testing.cast import PASSWORD  # noqa: PLC0415

    world = World.build(200, entries=10)
    replicas.start()
    crowd = Crowd(installation, world.cast, count=2)
    device = crowd.counting[0].hardware.device.pk
    connection.close()
    program = Program(installation=installation, key=world.key, organization=world.cast.lumen.pk, name="Roll")
    browser = Browser(port=installation.ports["web"])
    browser.sign_in(world.cast.ada.email, PASSWORD)
    looker = Looker(browser=browser)
    with crowd, program, looker:
        crowd.wait_for_more(10)
        before = [connections_at(replicas.ports[f"live-{number}"]) for number in (1, 2)]
        with two_pages(installation, browser, device) as pages:
            for page in pages:
                hears(page, device)
            after = [connections_at(replicas.ports[f"live-{number}"]) for number in (1, 2)]
            streams = [now - then for now, then in zip(after, before, strict=True)]
        print(f"open pages at the two processes of live updates: {streams}; both were told what changed", flush=True)
        sure(streams == [1, 1], "one page at each")
        for name in list(replicas.ports):
            began = time.monotonic()
            went = replicas.renew(name)
            how = "" if went else ", killed after 30 s"
            print(f"  {name} started anew in {time.monotonic() - began:.1f} s{how}", flush=True)
        crowd.wait_for_more(20)
        with two_pages(installation, browser, device) as pages:
            hears(pages[0], device)
    program.check()
    crowd.check()
    connection.close()
    print(f"looked: {dict(looker.answers)}", flush=True)
    failures = {"devices": sum(each.failures for each in crowd.counting), "changes": program.cut}
    print(f"failed: {failures}", flush=True)
    values = sum(len(each.acknowledged) for each in crowd.counting)
    print(f"{len(program.acknowledged)} changes and {values} values acknowledged, each there once", flush=True)
    sure(set(looker.answers) == {"200"}, "nobody who looked saw anything else than the page")
    sure(not any(failures.values()), "no request failed")


@contextmanager
def two_pages(installation: Installation, browser: Browser, device: int) -> Iterator[list[Page]]:
    """Two open pages that show the device."""
    from fleetfolk.gateway.tests.test_live import Page  # noqa: PLC0415

    opened = []
    for _number in (1, 2):
        asked = HTTPConnection("127.0.0.1", installation.ports["web"], timeout=30)
        asked.connect()
        wire: Any = asked.sock
        cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        host = f"localhost:{installation.ports['web']}"
        asked.request("GET", f"/live/devices?device={device}", headers={"Cookie": cookies, "Host": host})
        answer = asked.getresponse()
        sure(answer.status == 200, f"the stream opens: {answer.status}")
        opened.append(Page(answer=answer, asked=asked, socket=wire))
    try:
        yield opened
    finally:
        for page in opened:
            page.answer.close()
            page.asked.close()


def hears(page: Page, device: int) -> None:
    """The page is told what holds, and then of two reports of the device."""
    for _time in range(3):
        name, told = page.next(30)
        sure(name == "device" and told["device"] == device, f"it is told of the device: {name}")


def connections_at(port: int) -> int:
    """How many connections are open at the port, as this machine counts them."""
    wanted = f"0100007F:{port:04X}"
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    open_there = [line.split() for line in lines if line.split()[1] == wanted and line.split()[3] == "01"]
    return len(open_there)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    main()
