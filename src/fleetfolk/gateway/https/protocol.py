"""Blynk's device HTTPS API over the core: requests become errands, outcomes become answers."""

import asyncio
import hashlib
import ipaddress
import logging
from collections import Counter
from collections.abc import Awaitable
from functools import partial
from typing import Any, Protocol
from urllib.parse import parse_qsl

from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]

from fleetfolk.gateway.core import Core
from fleetfolk.gateway.errands import INVALID_TOKEN, Errand, Origin, Refusal, Unavailable
from fleetfolk.gateway.https import data_files, uploads, writing
from fleetfolk.gateway.https.answers import Answer, HttpRefusal
from fleetfolk.gateway.https.asked import WRONG_REQUEST, Asked
from fleetfolk.gateway.https.endpoints import BASE, ENDPOINTS, LARGEST_BODY
from fleetfolk.gateway.https.rare import RARE
from fleetfolk.gateway.measures import ANSWERS
from fleetfolk.gateway.meeting import device_of

PROTOCOL = "https"
LONGEST_QUERY = 16_384
MOST_PARAMETERS = 300
LONGEST_LENGTH = 16
"""Figures of a body's length."""
SMALL_BODY = 64_000
"""Bytes. Before more of a body is read, its device is looked up."""
MOST_READING = 4
"""Larger bodies of one device that are read at the same time."""
BODY_SECONDS = 30
TOO_LARGE = "Request is too large."
TOO_MUCH = "Too much data. A device may send 1 MB a second."
TOO_SLOW = "The request took too long."
TOO_MANY = "Too many requests. A device may send 50 a second."
NO_SUCH_PATH = "Not found."
NO_SUCH_METHOD = "Method not allowed."
NOT_NOW = "The server can't store this now. Try again."
BROKEN = "Internal server error."
PATHS = {path for _, path in (*ENDPOINTS, *RARE)}

_LOG = logging.getLogger(__name__)


class Scope(Protocol):
    """What granian's RSGI says of a request."""

    proto: str
    method: str
    path: str
    query_string: str
    client: str

    @property
    def headers(self) -> Any: ...


class Connection(Protocol):
    """What granian's RSGI offers for reading the body and answering."""

    def __call__(self) -> Awaitable[bytes]: ...
    def __aiter__(self) -> Any: ...
    def response_str(self, status: int, headers: list[tuple[str, str]], body: str) -> None: ...
    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None: ...
    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> Any: ...


class HttpsApi:
    """Answers what comes to `/external/api/`, and for the files that it links to."""

    def __init__(self, core: Core, *, proxies: int) -> None:
        self._core = core
        self._proxies = proxies
        self._reading: Counter[str] = Counter()

    async def answer(self, scope: Scope, connection: Connection) -> None:
        """Every request is answered: as Blynk does where its documents say how, and never with a traceback."""
        try:
            answer = await self._answer(scope, connection)
        except HttpRefusal as refusal:
            answer = Answer.error(refusal.status, refusal.message)
        except Refusal as refusal:
            answer = Answer.error(400, refusal.message)
        except Unavailable:
            answer = Answer.error(503, NOT_NOW)
        except Exception:  # noqa: BLE001 - the last resort, loud in the log
            _LOG.exception("A request of the device API failed.")
            answer = Answer.error(500, BROKEN)
        ANSWERS.labels(protocol=PROTOCOL, status=str(answer.status)).inc()
        try:
            await answer.send(connection)
        except ProtocolClosed:
            _LOG.info("Whoever asked for a file has gone.")

    async def _answer(self, scope: Scope, connection: Connection) -> Answer:
        path = scope.path.removeprefix(BASE)
        endpoint, rare = ENDPOINTS.get((scope.method, path)), RARE.get((scope.method, path))
        if endpoint is None and rare is None:
            return await self._file(scope.method, path)
        parameters = _parameters(scope.query_string)
        tokens = [value for name, value in parameters if name == "token"]
        token = tokens[0] if tokens else ""
        # The front door finds the device's process by the token: with two of them it would find any.
        if not token or len(tokens) > 1:
            raise Refusal(rare.no_token if rare else INVALID_TOKEN)
        token_hash = hashlib.sha256(token.encode(errors="replace")).hexdigest()
        if not self._core.limits.allow(token_hash):
            raise HttpRefusal(429, TOO_MANY)
        asked = Asked(
            path=path,
            parameters=[(name, value) for name, value in parameters if name != "token"],
            address=self._address(scope),
            content_type=scope.headers.get("content-type") or "",
            body=await self._body(scope, connection, rare.largest_body if rare else LARGEST_BODY, token_hash),
        )
        if rare is not None:
            return await self._in_thread(rare.step, asked, token_hash)
        errand = Errand(
            token_hash=token_hash,
            work=partial(endpoint.step, asked),  # type: ignore[union-attr]
            origin=Origin(protocol=PROTOCOL, address=asked.address),
            writes=endpoint.writes,  # type: ignore[union-attr]
            reads=endpoint.reads,  # type: ignore[union-attr]
            weight=writing.weight(asked),
        )
        done = await self._core.ask(errand)
        return Answer.of(done.reply)

    async def _in_thread(self, step: Any, asked: Asked, token_hash: str) -> Answer:
        try:
            answer: Answer = await self._core.in_thread(step, asked, token_hash)
        except Refusal as refusal:
            if refusal.limit:
                self._core.limits.refused(token_hash)
            raise
        return answer

    async def _file(self, method: str, path: str) -> Answer:
        """What an earlier answer linked to; every other path is unknown, or asked for in the wrong way."""
        if path in PATHS:
            raise HttpRefusal(405, NO_SUCH_METHOD)
        if path.startswith(data_files.PATH) and method == "GET":
            return await self._core.in_thread(data_files.fetched, path)
        if path.startswith(f"{uploads.BASE}/") and method == "GET":
            return await self._core.in_thread(uploads.picture, path)
        raise HttpRefusal(404, NO_SUCH_PATH)

    async def _body(self, scope: Scope, connection: Connection, largest: int, token_hash: str) -> bytes:
        """The whole body, if it is no larger than that; refused before it is read where it says its length.

        Only devices send much: strangers fill no memory, and nobody does so by being slow.
        """
        if scope.method != "POST":
            return b""
        length = scope.headers.get("content-length") or ""
        size = int(length) if length.isascii() and length.isdecimal() and len(length) < LONGEST_LENGTH else 0
        if size > largest:
            raise self._limit(token_hash, 413, TOO_LARGE)
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await self._read(connection, largest, token_hash)
        except TimeoutError:
            raise HttpRefusal(408, TOO_SLOW) from None
        if not self._core.limits.allow_bytes(token_hash, len(body)):
            raise HttpRefusal(429, TOO_MUCH)
        return body

    async def _read(self, connection: Connection, largest: int, token_hash: str) -> bytes:
        body, reading = bytearray(), False
        try:
            async for part in connection:
                body += part
                if len(body) > largest:
                    raise self._limit(token_hash, 413, TOO_LARGE)
                if len(body) > SMALL_BODY and not reading:
                    if self._reading[token_hash] >= MOST_READING:
                        raise self._limit(token_hash, 429, TOO_MUCH)
                    self._reading[token_hash] += 1
                    reading = True
                    await self._core.in_thread(device_of, token_hash)
        finally:
            if reading:
                self._reading[token_hash] -= 1
                if not self._reading[token_hash]:
                    del self._reading[token_hash]
        return bytes(body)

    def _limit(self, token_hash: str, status: int, message: str) -> HttpRefusal:
        self._core.limits.refused(token_hash)
        return HttpRefusal(status, message)

    def _address(self, scope: Scope) -> str | None:
        """Where the request came from: said by the first of our own proxies, else by the connection."""
        given = scope.client.rpartition(":")[0].strip("[]")
        if self._proxies:
            hops = [hop.strip() for hop in (scope.headers.get("x-forwarded-for") or "").split(",")]
            given = hops[-self._proxies] if len(hops) >= self._proxies else given
        try:
            return str(ipaddress.ip_address(given))
        except ValueError:
            return None


def _parameters(query: str) -> list[tuple[str, str]]:
    """The query's parameters in their order, also those without a value."""
    if len(query) > LONGEST_QUERY:
        raise HttpRefusal(413, TOO_LARGE)
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        raise Refusal(WRONG_REQUEST) from None
