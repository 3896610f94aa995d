"""An HTTPS server on this machine that answers posts as a test says, with a certificate of its own."""

import datetime as dt
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any, Protocol

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


@dataclass(frozen=True, kw_only=True, slots=True)
class Scripted:
    """An answer that the next push gets, whatever it is."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)


class Service(Protocol):
    """Who answers the posts."""

    def answer(self, path: str, headers: Mapping[str, str], body: bytes) -> Scripted:
        """What is answered to this post."""


@dataclass(kw_only=True, slots=True)
class Served:
    """Where the server is, what trusts it (a context, or its certificate's file), and who answers: say it at once."""

    origin: str
    trust: ssl.SSLContext
    authority: Path
    service: Service | None = None


@contextmanager
def https_service(folder: Path, *, port: int = 0) -> Iterator[Served]:
    """The server runs; its certificate lies in the folder."""
    certificate, key = self_signed(folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            assert served.service is not None
            said = served.service.answer(self.path, dict(self.headers.items()), body)
            self.send_response(said.status)
            for name, value in {**said.headers, "Content-Length": "0", "Connection": "close"}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Tests read what was received, not lines."""

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        trust = ssl.create_default_context(cafile=str(certificate))
        served = Served(origin=f"https://localhost:{server.server_address[1]}", trust=trust, authority=certificate)
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        serving.start()
        try:
            yield served
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
    certificate, private = folder / "service.pem", folder / "service.key"
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return certificate, private
