"""What is there beside the people: devices that report, a program, and pages that stay open."""

from __future__ import annotations

import json
import random
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any

from bench.browser import Browser
from bench.soak.tally import Tally


@dataclass(kw_only=True)
class Steady(ABC):
    """Asks every so many seconds, whether or not the answer before was late."""

    tally: Tally
    port: int
    every: float
    number: int = 0
    dice: random.Random = field(default_factory=lambda: random.Random(1))

    def live(self, ending: threading.Event, *, until: float) -> None:
        """It goes on until the end."""
        self.connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        due = self.tally.now() + self.dice.random() * self.every
        while due < until and not ending.wait(max(0.0, due - self.tally.now())):
            self.number += 1
            try:
                self.once(due)
            except (OSError, HTTPException) as error:
                self.tally.odd(f"{type(self).__name__}: {type(error).__name__} {error}")
                self.connection.close()
            due += self.every
        self.connection.close()

    @abstractmethod
    def once(self, due: float) -> None:
        """One thing is asked for."""

    def asked(
        self, kind: str, due: float, path: str, *, body: str | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Status and answer, noted. With a body it is sent."""
        self.connection.request("POST" if body else "GET", path, body=body, headers=dict(headers or {}))
        answer = self.connection.getresponse()
        said = answer.read()
        self.tally.answered(kind, due, answer.status)
        if answer.status != 200:
            self.tally.odd(f"{kind} answered {answer.status}: {said[:200]!r}")
        return answer.status, said


@dataclass(kw_only=True)
class Reporter(Steady):
    """A device that counts up, and remembers what it was told is saved; now and then it asks what was set."""

    device: int
    token: str
    saved: list[int] = field(default_factory=list)

    def once(self, due: float) -> None:
        """The next number, or a question."""
        if self.number % 5 == 0:
            self.asked("device asks", due, f"/external/api/get?token={self.token}&v0")
            return
        path = f"/external/api/update?token={self.token}&v3={self.number}&v2={15 + self.number % 10}"
        status, _said = self.asked("device reports", due, path)
        if status == 200:
            self.saved.append(self.number)


@dataclass(kw_only=True)
class Program(Steady):
    """A program with a key: it reads people page by page, and makes a location now and then."""

    key: str
    organization: int
    name: str
    after: str = ""

    def once(self, due: float) -> None:
        """A page of people; every fourth time a location."""
        headers = {"Host": "localhost", "Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        if self.number % 4:
            status, said = self.asked("REST reads", due, f"/api/v1/users?limit=50{self.after}", headers=headers)
            document: Any = json.loads(said) if status == 200 else {}
            self.after = f"&cursor={document['next']}" if document.get("next") else ""
            return
        name = f"{self.name} {self.number}"
        body = json.dumps({"target": self.organization, "name": name})
        headers["Idempotency-Key"] = name.replace(" ", "-")
        status, _said = self.asked("REST changes", due, "/api/v1/actions/location.create", body=body, headers=headers)
        if status == 200:
            self.tally.places.add(name)


@dataclass(kw_only=True)
class OpenPage:
    """A page of a device that stays open and is told what the device says."""

    tally: Tally
    port: int
    host: str
    browser: Browser
    device: int
    events: int = 0

    def live(self, ending: threading.Event, *, until: float) -> None:
        """It listens until the end. What it hears is counted; that the stream ends too early is noted."""
        asked = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            cookies = "; ".join(f"{name}={value}" for name, value in self.browser.cookies.items())
            asked.request("GET", f"/live/devices?device={self.device}", headers={"Cookie": cookies, "Host": self.host})
            answer = asked.getresponse()
            if answer.status != 200:
                self.tally.odd(f"an open page is answered {answer.status}")
                return
            while self.tally.now() < until and not ending.is_set():
                line = answer.readline()
                if not line:
                    self.tally.odd("the stream of an open page ended")
                    return
                if line.startswith(b"event: device"):
                    self.events += 1
        except (OSError, HTTPException) as error:
            self.tally.odd(f"an open page: {type(error).__name__} {error}")
        finally:
            asked.close()
