"""A server with a Platform API, read over HTTP by a client's secret. Nothing there is changed."""

import http.client
import json
import ssl
import time
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import SplitResult, urlencode, urlsplit

PATIENCE: Final = 30.0
"""Seconds for one answer."""
LARGEST: Final = 64_000_000
"""Bytes of one answer."""
PAGE: Final = 100
"""What every version of the API gives at once."""
TRIES: Final = 5
_HERE: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class SourceFailed(Exception):
    """The other server said no, or nothing that can be read."""


class NotThere(SourceFailed):
    """The other server has no such thing, or does not show it."""


def require_address(address: str) -> SplitResult:
    """The address of a server, by HTTPS unless it is this machine. Raises `SourceFailed`."""
    parts = urlsplit(address if "://" in address else f"https://{address}")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise SourceFailed(f"{address} is no address like https://blynk.example.com.")
    if parts.scheme == "http" and parts.hostname not in _HERE:
        raise SourceFailed("The secret goes to another machine by HTTPS alone.")
    return parts


@dataclass(kw_only=True)
class Source:
    """One client of one server. Its token is got when it is needed, and again when it has ended."""

    address: SplitResult
    client_id: str
    secret: str = field(repr=False)
    _token: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """By what the server is known in what is noted: host and port."""
        return self.address.netloc.lower()

    def get(self, path: str, **query: Any) -> Any:
        """What the path answers. Raises `SourceFailed`, or `NotThere` for 404."""
        for attempt in range(TRIES):
            token = self._token or self._signed_in()
            asked = f"/api/v1/organization{path}?{urlencode(query)}"
            status, headers, body = self._ask("GET", asked, {"Authorization": f"Bearer {token}"})
            if status == http.client.OK:
                return _json(body)
            if status == http.client.UNAUTHORIZED:
                self._token = ""
            elif status in (http.client.TOO_MANY_REQUESTS, http.client.SERVICE_UNAVAILABLE):
                time.sleep(_seconds(headers.get("Retry-After"), attempt))
            else:
                raise (NotThere if status == http.client.NOT_FOUND else SourceFailed)(f"{path}: {_said(status, body)}")
        raise SourceFailed(f"{path}: the server did not answer after {TRIES} tries.")

    def pages(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Everything on all pages of a list."""
        page = 0
        while True:
            answer = self.get(path, page=page, size=PAGE, **query)
            rows = answer["content"] if isinstance(answer, dict) else answer
            yield from rows
            page += 1
            if not isinstance(answer, dict) or len(rows) < PAGE:
                return

    def _signed_in(self) -> str:
        basic = b64encode(f"{self.client_id}:{self.secret}".encode()).decode()
        headers = {"Authorization": f"Basic {basic}"}
        status, _headers, body = self._ask("POST", "/oauth2/token?grant_type=client_credentials", headers)
        if status != http.client.OK:
            raise SourceFailed(f"Signing in: {_said(status, body)}")
        self._token = str(_json(body).get("access_token", ""))
        return self._token

    def _ask(self, method: str, asked: str, headers: dict[str, str]) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Status, headers and body. Redirects are not followed: the secret goes where it was sent."""
        host, port = self.address.hostname or "", self.address.port
        connection: http.client.HTTPConnection
        if self.address.scheme == "https":
            connection = http.client.HTTPSConnection(host, port, timeout=PATIENCE, context=ssl.create_default_context())
        else:
            connection = http.client.HTTPConnection(host, port, timeout=PATIENCE)
        try:
            connection.request(method, asked, headers={**headers, "Accept": "application/json", "Content-Length": "0"})
            answer = connection.getresponse()
            body = answer.read(LARGEST + 1)
        except (OSError, http.client.HTTPException) as error:
            raise SourceFailed(f"{self.name} cannot be reached: {error}") from error
        finally:
            connection.close()
        if len(body) > LARGEST:
            raise SourceFailed(f"{self.name} answered more than can be read.")
        return answer.status, answer.headers, body


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        raise SourceFailed("The server answered something that is no JSON.") from None


def _said(status: int, body: bytes) -> str:
    try:
        said = json.loads(body)
        words = said["error"]["message"] if isinstance(said["error"], dict) else said["error_description"]
    except (ValueError, KeyError, TypeError):
        words = ""
    return f"{status} {words}".strip()


def _seconds(given: str | None, attempt: int) -> float:
    return min(float(given), 61.0) if given and given.isdecimal() else 2.0**attempt
