"""A provider of OpenID Connect on this machine: it signs in whoever a test says, and lies where a test says so."""

import base64
import hashlib
import html
import json
import secrets
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from fleetfolk.testing.https_service import self_signed

CLIENT, SECRET = "fleetfolk-client", "a secret of the client"
KID = "key-1"


@dataclass(kw_only=True)
class OpenIdProvider:
    """Where it is, who comes from it, and what it does differently from what it should.

    ``lies`` changes the words of a token before it is signed; ``sign`` makes the token where it is made differently.
    ``asks`` shows a page with a button before it lets anybody through, as people see it.
    """

    origin: str
    authority: Path
    person: dict[str, Any] = field(default_factory=dict)
    lies: Callable[[dict[str, Any]], dict[str, Any]] = lambda words: words
    sign: Callable[[dict[str, Any]], str] | None = None
    document: dict[str, Any] = field(default_factory=dict)
    asks: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    @property
    def host(self) -> str:
        """As the setting of allowed hosts names it."""
        return urlsplit(self.origin).netloc

    def described(self) -> dict[str, Any]:
        """The document of Discovery 1.0."""
        return {
            "issuer": self.origin,
            "authorization_endpoint": f"{self.origin}/authorize",
            "token_endpoint": f"{self.origin}/token",
            "userinfo_endpoint": f"{self.origin}/userinfo",
            "jwks_uri": f"{self.origin}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            **self.document,
        }

    def keys(self) -> dict[str, Any]:
        """The public key."""
        made = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**made, "kid": KID, "alg": "RS256", "use": "sig"}]}

    def allowed(self, query: dict[str, str]) -> str:
        """Where the browser goes back to, with a code."""
        self.asked.append(query)
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The tokens for a code that is there, from the client that knows its secret and the verifier."""
        query = self.codes.pop(form.get("code", ""), None)
        expected = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if (
            query is None
            or authorization != expected
            or query.get("code_challenge_method") != "S256"
            or query["code_challenge"] != challenge.decode().rstrip("=")
            or query["redirect_uri"] != form.get("redirect_uri")
        ):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        words = {
            "iss": self.origin,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "nonce": query.get("nonce", ""),
            **self.person,
        }
        sign = self.sign or (lambda said: jwt.encode(said, self.key, algorithm="RS256", headers={"kid": KID}))
        return 200, {"access_token": "opaque", "token_type": "Bearer", "id_token": sign(self.lies(words))}


class _Handler(BaseHTTPRequestHandler):
    provider: OpenIdProvider

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        match parts.path:
            case "/.well-known/openid-configuration":
                self._say(200, self.provider.described())
            case "/keys":
                self._say(200, self.provider.keys())
            case "/userinfo":
                self._say(200, self.provider.person)
            case "/authorize" if self.provider.asks and "yes" not in query:
                self._page(query)
            case "/authorize":
                self._say(302, {}, to=self.provider.allowed(query))
            case _:
                self._say(404, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self._say(*self.provider.token(form, self.headers.get("Authorization", "")))

    def _page(self, query: dict[str, str]) -> None:
        hidden = "".join(
            f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
            for name, value in {**query, "yes": "1"}.items()
        )
        name = html.escape(str(self.provider.person.get("email", "")))
        form = f"<form action='/authorize'>{hidden}<button>Go on as {name}</button></form>"
        page = f"<!doctype html><title>Provider</title>{form}"
        self._send(200, page.encode(), "text/html; charset=utf-8")

    def _say(self, status: int, words: dict[str, Any], to: str = "") -> None:
        self._send(status, json.dumps(words).encode(), "application/json", to)

    def _send(self, status: int, body: bytes, kind: str, to: str = "") -> None:
        self.send_response(status)
        more = {"Location": to} if to else {}
        length = {"Content-Type": kind, "Content-Length": str(len(body)), "Connection": "close"}
        for name, value in {**length, **more}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Tests read what was asked, not lines."""


@contextmanager
def openid_provider(folder: Path) -> Iterator[OpenIdProvider]:
    """The provider runs; the certificate that it shows lies in the folder."""
    certificate, key = self_signed(folder)
    handler: Any = type("Handler", (_Handler,), {})

    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        made = OpenIdProvider(origin=f"https://localhost:{server.server_address[1]}", authority=certificate)
        handler.provider = made
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        serving.start()
        try:
            yield made
        finally:
            server.shutdown()
            serving.join()
