"""Sends a push over the network, to the address that was looked at and nowhere else, bounded in time and size."""

import re
import socket
import ssl
import time
from typing import Final

from fleetfolk.messages.webpush.endpoints import network_addresses
from fleetfolk.messages.webpush.requests import Answer, Request

PATIENCE: Final = 10.0
"""Seconds for one push, from the first packet to the answer's headers."""

MOST_HEADERS: Final = 16_384

_FIRST_LINE: Final = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: [^\r\n]*)?", re.ASCII)


def post(request: Request, *, trust: ssl.SSLContext | None = None) -> Answer:
    """What the push service answered. Nothing that it answers is followed, and no more than its headers are read.

    `Unfit` where the host is no longer at a public address; `OSError` where nobody answered properly in time.
    """
    endpoint, until = request.endpoint, time.monotonic() + PATIENCE
    context = trust or ssl.create_default_context()
    last: OSError = OSError("The host has no address.")
    for address in network_addresses(endpoint):
        try:
            plain = socket.create_connection((address, endpoint.port), timeout=_left(until))
        except OSError as error:
            last = error
            continue
        with plain, context.wrap_socket(plain, server_hostname=endpoint.host) as connection:
            connection.settimeout(_left(until))
            connection.sendall(_spelled(request))
            return _read(connection, until)
    raise last


def _spelled(request: Request) -> bytes:
    lines = [f"POST {request.endpoint.target} HTTP/1.1", f"Host: {request.endpoint.authority}"]
    lines += [f"{name}: {value}" for name, value in request.headers.items()]
    lines += [f"Content-Length: {len(request.body)}", "User-Agent: Fleetfolk", "Connection: close", "", ""]
    return "\r\n".join(lines).encode("ascii") + request.body


def _read(connection: ssl.SSLSocket, until: float) -> Answer:
    """The answer's first line and headers; what only announces another answer is passed over."""
    held = b""
    while True:
        head, end, rest = held.partition(b"\r\n\r\n")
        if end:
            answer = _answer(head)
            if answer.status >= 200:
                return answer
            held = rest
            continue
        if len(held) > MOST_HEADERS:
            raise OSError("The push service's headers have no end.")
        connection.settimeout(_left(until))
        more = connection.recv(4096)
        if not more:
            raise OSError("The push service hung up.")
        held += more


def _answer(head: bytes) -> Answer:
    first, *lines = head.split(b"\r\n")
    said = _FIRST_LINE.fullmatch(first)
    if said is None:
        raise OSError("The push service does not speak HTTP.")
    retry_after = ""
    for line in lines:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"retry-after":
            retry_after = value.strip().decode("ascii", "replace")[:100]
    return Answer(status=int(said[1]), retry_after=retry_after)


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("The push service takes too long.")
    return left
