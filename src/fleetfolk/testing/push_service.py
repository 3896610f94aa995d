"""A push service on this machine: real HTTPS, as strict as those of browsers, and with browsers that decrypt.

It speaks RFC 8030 for the sender's half alone; browsers of it are made here, each with keys and a secret of its own.
"""

import datetime as dt
import json
import os
import ssl
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import http_ece
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from fleetfolk.kernel import clock
from fleetfolk.messages.webpush import base64url

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Scripted:
    """An answer that the next push gets, whatever it is."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)


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
    certificate, key = self_signed(folder)
    held: list[PushService] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer = held[0].answer(self.path, dict(self.headers.items()), body)
            self.send_response(answer.status)
            for name, value in {**answer.headers, "Content-Length": "0", "Connection": "close"}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Tests read what was received, not lines."""

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        trust = ssl.create_default_context(cafile=str(certificate))
        origin = f"https://localhost:{server.server_address[1]}"
        held.append(PushService(origin=origin, trust=trust, authority=certificate))
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        serving.start()
        try:
            yield held[0]
        finally:
            server.shutdown()
            serving.join()


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )
    certificate, private = folder / "push-service.pem", folder / "push-service.key"
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return certificate, private
