"""An installation as it runs in earnest: each part a process of its own, which can be killed and started again."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import psycopg
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from fleetfolk.config.runtime.children import Child, spawn
from fleetfolk.config.runtime.cluster import Cluster
from fleetfolk.config.runtime.ports import free_port
from fleetfolk.config.runtime.services import WORKER_COMMAND, gateway_command, live_command, web_command

PARTS = ("database", "worker", "gateway", "web")
LONGEST = 240.0
"""Seconds for anything to come back, or to end."""
PAUSE = 0.02


class NotSo(AssertionError):
    """Something did not hold that must."""


def sure(holds: object, what: str) -> None:
    """Fails where it does not hold."""
    if not holds:
        raise NotSo(what)


def until(there: Callable[[], object], what: str, *, seconds: float = LONGEST, pause: float = PAUSE) -> float:
    """The seconds that it took until it was so."""
    began = time.monotonic()
    while not there():
        sure(time.monotonic() - began < seconds, f"{what} within {seconds:.0f} s")
        time.sleep(pause)
    return time.monotonic() - began


class Letterbox:
    """A mail server that takes everything in, and knows of each mail only its Message-ID and who it was for."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802 - its name
        """The mail is counted."""
        said = envelope.content or b""
        whole = said if isinstance(said, bytes) else said.encode()
        content = whole.partition(b"\r\n\r\n")[0].decode("ascii", "replace")
        name = next((line[11:].strip() for line in content.splitlines() if line.lower().startswith("message-id:")), "")
        self.taken.append((name, envelope.rcpt_tos[0]))
        return "250 taken"


@dataclass(kw_only=True)
class Installation:
    """Database, pages, gateway, worker and a mail server, on loopback and in a folder."""

    folder: Path
    letters: Letterbox = field(default_factory=Letterbox)
    children: dict[str, Child] = field(default_factory=dict)
    ended_by_themselves: list[str] = field(default_factory=list)
    url: str = ""
    served: Sequence[str] = ("web", "gateway", "worker")
    """What runs beside the database; "live" is left out where nobody has a page open."""

    def __post_init__(self) -> None:
        self.ports = {"web": free_port(), "gateway": free_port(), "live": free_port(), "mail": free_port()}
        self.cluster = Cluster(
            home=self.folder / "postgres", passwords=self.folder / "passwords.json", log=self.folder / "database.log"
        )
        self.mail = Controller(self.letters, hostname="127.0.0.1", port=self.ports["mail"])

    @property
    def port(self) -> int:
        """The gateway's, as the tests of devices call it."""
        return self.ports["gateway"]

    def begin(self) -> None:
        """The database runs, and this process knows where; the tables are there, and the static files."""
        self._start_database()
        self.mail.start()
        os.environ |= self.environment()
        preparing = [sys.executable, "-m", "fleetfolk.config.runtime.prepare"]
        child = spawn("preparation", preparing, log=self.folder / "prepare.log", environment=dict(os.environ))
        sure(child.process.wait() == 0, f"it can be prepared: {child.output()[-2000:]}")

    def environment(self) -> dict[str, str]:
        """The settings of every process."""
        return {
            "DJANGO_SETTINGS_MODULE": "fleetfolk.config.settings",
            "DATABASE_URL": self.url,
            "FLEETFOLK_MODE": "demo",
            "FLEETFOLK_DATA": str(self.folder),
            "FLEETFOLK_ORIGIN": f"http://localhost:{self.ports['web']}",
            "FLEETFOLK_PROOF_MINUTES": "600",
            "EMAIL_URL": f"smtp://127.0.0.1:{self.ports['mail']}",
            "PYTHONPATH": os.pathsep.join(sys.path),
        }

    def start(self) -> None:
        """Everything answers."""
        for part in self.served:
            self._start(part)
        self.ready()

    def kill(self, part: str) -> None:
        """The part and all processes of its group are gone, without a word."""
        child = self.children[part]
        os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()

    def restart(self, part: str) -> None:
        """The part is started as a service manager would."""
        if part == "database":
            # Its sessions notice by themselves that it is gone, and let go of the memory that they shared.
            time.sleep(0.5)
            self._start_database()
        else:
            self._start(part)

    def tend(self) -> None:
        """Whatever ended by itself is started again, and remembered."""
        for part, child in list(self.children.items()):
            if not child.alive:
                self.ended_by_themselves.append(part)
                self.restart(part)

    def ready(self) -> float:
        """The seconds until pages and gateway answered that they have their database."""
        return until(lambda: self._answers("web") and self._answers("gateway"), "pages and gateway answer", pause=0.05)

    def close(self) -> None:
        """Nothing of it runs any more."""
        for part, child in self.children.items():
            if part != "database":
                child.stop(seconds=10)
        if "database" in self.children:
            self.children["database"].stop(seconds=30)
        self.mail.stop()

    def one(self, query: str, *values: object) -> Any:
        """The only value of a query's answer."""
        (row,) = self.rows(query, *values) or [(None,)]
        return row[0]

    def rows(self, query: str, *values: object) -> Sequence[Any]:
        """A query's answer, over a connection of its own."""
        with psycopg.connect(self.url, autocommit=True, connect_timeout=5) as connection:
            return connection.execute(query, values).fetchall()

    def run(self, statement: str, *values: object) -> None:
        """The statement is committed."""
        with psycopg.connect(self.url, autocommit=True, connect_timeout=5) as connection:
            connection.execute(statement, values)

    def _start(self, part: str) -> None:
        command = {
            "web": lambda: web_command(host="127.0.0.1", port=self.ports["web"], processes=2),
            "gateway": lambda: gateway_command(port=self.port, processes=1),
            "live": lambda: live_command(port=self.ports["live"]),
            "worker": lambda: list(WORKER_COMMAND),
        }[part]()
        environment = {**os.environ, **self.environment()}
        self.children[part] = spawn(part, command, log=self.folder / f"{part}.log", environment=environment)

    def _start_database(self) -> None:
        self.children["database"], url = self.cluster.start()
        sure(self.url in ("", url), "the database is where it was")
        self.url = url

    def _answers(self, part: str) -> bool:
        asked = HTTPConnection("127.0.0.1", self.ports[part], timeout=5)
        try:
            asked.request("GET", "/readyz", headers={"Host": "localhost"})
            return asked.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            asked.close()
