"""Posts over the network, to the address that was looked at and nowhere else, bounded in time and size."""

import re
import socket
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from fleetfolk.outbound.endpoints import Endpoint, network_addresses

PATIENCE: Final = 10.0
"""Seconds for one request, from the first packet to the end of what is read of the answer."""

MOST_HEADERS: Final = 16_384

_FIRST_LINE: Final = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: [^\r\n]*)?", re.ASCII)
_NUMBER: Final = re.compile(r"[0-9]{1,15}", re.ASCII)
_PLAIN: Final = re.compile(r"[ -~]*", re.ASCII)
_PIECE: Final = 16_384


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """A request to be sent to the endpoint: a POST, where nothing else is said."""

    endpoint: Endpoint
    headers: Mapping[str, str]
    body: bytes
    method: str = "POST"

    def head(self) -> str:
        """Its first line and headers as they are sent. A header that would begin another line is a `ValueError`."""
        named = {
            "Host": self.endpoint.authority,
            **self.headers,
            "Content-Length": str(len(self.body)),
            "User-Agent": "Fleetfolk",
            "Connection": "close",
        }
        for name, value in named.items():
            if not _PLAIN.fullmatch(name + value):
                raise ValueError(f"{name} is no header.")
        lines = [f"{name}: {value}" for name, value in named.items()]
        return "\r\n".join([f"{self.method} {self.endpoint.target} HTTP/1.1", *lines])


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What was answered: its status, and its Retry-After as it stood there.

    ``head`` is its first line and headers, ``body`` as much of what followed as was asked for.
    """

    status: int
    retry_after: str = ""
    head: str = field(default="", compare=False)
    body: bytes = field(default=b"", compare=False)


def post(request: Request, *, trust: ssl.SSLContext | None = None, most_body: int = 0) -> Answer:
    """What was answered. Nothing that is answered is followed, and no more is read than the headers and ``most_body``.

    `Unfit` where the host is not, or no longer, at a public address; `OSError` where nobody answered properly in time.
    """
    endpoint, until = request.endpoint, time.monotonic() + PATIENCE
    spelled = f"{request.head()}\r\n\r\n".encode("ascii") + request.body
    with connected(endpoint, network_addresses(endpoint), until, trust) as connection:
        send(connection, spelled, until)
        return _read(connection, until, most_body)


@contextmanager
def connected(
    endpoint: Endpoint, addresses: Sequence[str], until: float, trust: ssl.SSLContext | None
) -> Iterator[ssl.SSLSocket]:
    """A connection to the first of the addresses that takes one, to whoever shows that it is the host."""
    context = trust or ssl.create_default_context()
    last: OSError = OSError("The host has no address.")
    for address in addresses:
        try:
            plain = socket.create_connection((address, endpoint.port), timeout=left(until))
        except OSError as error:
            last = error
            continue
        with plain, context.wrap_socket(plain, server_hostname=endpoint.host) as connection:
            yield connection
        return
    raise last


def send(connection: ssl.SSLSocket, spelled: bytes, until: float) -> None:
    """Everything is sent, a piece at a time, so that who takes it slowly has no more time than others."""
    for start in range(0, len(spelled), _PIECE):
        connection.settimeout(left(until))
        connection.sendall(spelled[start : start + _PIECE])


def _read(connection: ssl.SSLSocket, until: float, most_body: int) -> Answer:
    """The answer's first line and headers, and as much of the rest as is wanted."""
    answer, rest = read_head(connection, until)
    if not most_body:
        return answer
    body = _body(connection, until, rest, min(most_body, _length(answer.head)))
    return Answer(status=answer.status, retry_after=answer.retry_after, head=answer.head, body=body)


def read_head(connection: ssl.SSLSocket, until: float) -> tuple[Answer, bytes]:
    """The answer's first line and headers, with what came behind them; what only announces another is passed over."""
    held = b""
    while True:
        head, end, rest = held.partition(b"\r\n\r\n")
        if end:
            answer = _answer(head)
            if answer.status < 200:
                held = rest
                continue
            return answer, rest
        if len(held) > MOST_HEADERS:
            raise OSError("The headers of what was answered have no end.")
        connection.settimeout(left(until))
        more = connection.recv(4096)
        if not more:
            raise OSError("Whoever was asked hung up.")
        held += more


def _body(connection: ssl.SSLSocket, until: float, held: bytes, most: int) -> bytes:
    """What follows the headers, as far as it comes in time: it says nothing that is waited for."""
    try:
        while len(held) < most:
            connection.settimeout(left(until))
            more = connection.recv(min(4096, most - len(held)))
            if not more:
                break
            held += more
    except OSError:
        return held[:most]
    return held[:most]


def _length(head: str) -> int:
    said = header_of(head, "content-length")
    return int(said) if _NUMBER.fullmatch(said) else 10**9


def header_of(head: str, wanted: str) -> str:
    """The value of a header; nothing where there is none of that name."""
    for line in head.split("\r\n")[1:]:
        name, _, value = line.partition(":")
        if name.strip().lower() == wanted:
            return value.strip()
    return ""


def _answer(head: bytes) -> Answer:
    said = _FIRST_LINE.fullmatch(head.partition(b"\r\n")[0])
    if said is None:
        raise OSError("Whoever was asked does not speak HTTP.")
    text = head.decode("ascii", "replace")
    return Answer(status=int(said[1]), retry_after=header_of(text, "retry-after")[:100], head=text)


def left(until: float) -> float:
    """Seconds until then. `TimeoutError` where it is over."""
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise TimeoutError("Whoever was asked takes too long.")
    return seconds
