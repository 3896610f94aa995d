"""A push service on this machine: real HTTPS, as strict as those of browsers, and with browsers that decrypt.

It speaks RFC 8030 for the sender's half alone; browsers of it are made here, each with keys and a secret of its own.
"""

import json
import os
import ssl
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import http_ece
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fleetfolk.kernel import clock
from fleetfolk.messages.webpush import base64url
from fleetfolk.testing.https_service import Scripted, https_service

_MOST = 4096


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """A push that arrived at a browser: what it says, and with what headers it came."""

    text: bytes
    headers: Mapping[str, str]
    claims: Mapping[str, Any]

    @property
    def said(self) -> Any:
        """The text, which is JSON."""
        return json.loads(self.text)


@dataclass(kw_only=True)
class PushBrowser:
    """A browser that subscribed with a tenant's public key; ``None`` takes pushes from anybody."""

    endpoint: str
    server_key: str | None
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = field(default_factory=lambda: os.urandom(16))
    received: list[Received] = field(default_factory=list)

    @property
    def p256dh(self) -> str:
        """Its public key as it gives it away."""
        return base64url.spelled(self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    @property
    def auth(self) -> str:
        """Its secret as it gives it away."""
        return base64url.spelled(self.secret)

    def opened(self, body: bytes) -> bytes:
        """What only it can read."""
        text: bytes = http_ece.decrypt(body, private_key=self.private, auth_secret=self.secret, version="aes128gcm")
        return text


@dataclass(kw_only=True)
class PushService:
    """The service: at ``origin``, with a certificate that ``trust`` knows (its file is ``authority``)."""

    origin: str
    trust: ssl.SSLContext
    authority: Path
    browsers: dict[str, PushBrowser] = field(default_factory=dict)
    script: deque[Scripted] = field(default_factory=deque)
    asked: list[str] = field(default_factory=list)

    @property
    def host(self) -> str:
        """How the setting of allowed hosts names it."""
        return self.origin.removeprefix("https://")

    def browser(self, server_key: str | None = None) -> PushBrowser:
        """A browser that has just subscribed."""
        name = base64url.spelled(os.urandom(12))
        made = PushBrowser(endpoint=f"{self.origin}/push/{name}", server_key=server_key)
        self.browsers[f"/push/{name}"] = made
        return made

    def forget(self, browser: PushBrowser) -> None:
        """The browser is no longer subscribed."""
        self.browsers = {path: one for path, one in self.browsers.items() if one is not browser}

    def answer(self, path: str, headers: Mapping[str, str], body: bytes) -> Scripted:
        """What the service says to a POST: 201 where the push arrived."""
        self.asked.append(path)
        if self.script:
            return self.script.popleft()
        browser = self.browsers.get(path)
        if browser is None:
            return Scripted(status=410)
        wrong = {
            400: not headers.get("TTL", "").isdigit(),
            413: len(body) > _MOST,
            415: headers.get("Content-Encoding") != "aes128gcm",
        }
        if any(wrong.values()):
            return Scripted(status=next(status for status, is_so in wrong.items() if is_so))
        claims = self._claims(headers.get("Authorization", ""), browser.server_key)
        if claims is None:
            return Scripted(status=403)
        browser.received.append(Received(text=browser.opened(body), headers=dict(headers), claims=claims))
        return Scripted(status=201, headers={"Location": f"{self.origin}/sent/{len(browser.received)}"})

    def _claims(self, authorization: str, server_key: str | None) -> dict[str, Any] | None:
        """Who signed it, and that it was meant for us and not for later; None where it was not."""
        scheme, _, rest = authorization.partition(" ")
        parts = dict(part.strip().split("=", 1) for part in rest.split(",") if "=" in part)
        if scheme != "vapid" or not {"t", "k"} <= parts.keys() or server_key not in (None, parts["k"]):
            return None
        signed, _, signature = parts["t"].rpartition(".")
        raw = base64url.read(signature)
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), base64url.read(parts["k"]))
        try:
            numbers = int.from_bytes(raw[:32]), int.from_bytes(raw[32:])
            key.verify(encode_dss_signature(*numbers), signed.encode(), ec.ECDSA(SHA256()))
        except InvalidSignature:
            return None
        head, claims = (json.loads(base64url.read(part)) for part in signed.split("."))
        left = claims["exp"] - clock.now().timestamp()
        good = head["alg"] == "ES256" and claims["aud"] == self.origin and 0 < left <= 24 * 3600
        return claims if good and claims["sub"].startswith(("https:", "mailto:")) else None


@contextmanager
def push_service(folder: Path, *, port: int = 0) -> Iterator[PushService]:
    """The service runs; its certificate lies in the folder."""
    with https_service(folder, port=port) as served:
        running = PushService(origin=served.origin, trust=served.trust, authority=served.authority)
        served.service = running
        yield running
