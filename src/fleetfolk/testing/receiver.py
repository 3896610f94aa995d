"""A receiver of webhooks on this machine: real HTTPS, with a certificate of its own, that checks signatures."""

import base64
import hashlib
import hmac
import json
import ssl
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fleetfolk.testing.https_service import Scripted, https_service


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What arrived."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def said(self) -> Any:
        """The body, which is JSON."""
        return json.loads(self.body)

    @property
    def message_id(self) -> str:
        """What it is known by."""
        return self.headers["webhook-id"]

    def is_signed_with(self, secret: str) -> bool:
        """Whether one of the signatures is made with the secret, over number, time and body (Standard Webhooks)."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = f"{self.message_id}.{self.headers['webhook-timestamp']}.".encode() + self.body
        made = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return f"v1,{made}" in self.headers["webhook-signature"].split(" ")


@dataclass(kw_only=True, slots=True)
class Receiver:
    """A receiver at ``origin``. What it answers is scripted, else 204.

    ``slow`` are the seconds that it takes, ``waits_at`` those at a path.
    """

    origin: str
    trust: ssl.SSLContext
    authority: Path
    told: list[Told] = field(default_factory=list)
    script: deque[Scripted] = field(default_factory=deque)
    slow: float = 0.0
    waits_at: dict[str, float] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """How the setting of allowed hosts names it."""
        return self.origin.removeprefix("https://")

    @property
    def url(self) -> str:
        """An address to post to."""
        return f"{self.origin}/hooks?for=fleetfolk"

    def answer(self, path: str, headers: Mapping[str, str], body: bytes) -> Scripted:
        """Notes what arrived, and answers as the script says, as late as that."""
        self.told.append(Told(path=path, headers=headers, body=body))
        scripted = self.script.popleft() if self.script else Scripted(status=204)
        time.sleep(self.waits_at.get(path, self.slow))
        return scripted

    def heard(self, number: int, *, seconds: float = 20.0) -> list[Told]:
        """What arrived, once it is as much as that."""
        until = time.monotonic() + seconds
        while len(self.told) < number and time.monotonic() < until:
            time.sleep(0.02)
        return self.told


@contextmanager
def receiver(folder: Path, *, port: int = 0) -> Iterator[Receiver]:
    """The receiver runs; its certificate lies in the folder."""
    with https_service(folder, port=port) as served:
        running = Receiver(origin=served.origin, trust=served.trust, authority=served.authority)
        served.service = running
        yield running
