"""Questions over the network to addresses that others chose, whose answers are read: whole and small, or not at all."""

import ssl
import time
from typing import Final

from fleetfolk.outbound.endpoints import network_addresses
from fleetfolk.outbound.posting import PATIENCE, Answer, Request, connected, header_of, left, read_head, send

MOST: Final = 1_000_000
"""Bytes that are read of an answer. What is longer is no answer."""

_PIECE: Final = 16_384


def ask(request: Request, *, trust: ssl.SSLContext | None = None, most: int = MOST) -> Answer:
    """What was answered, with its whole body. Nothing that is answered is followed.

    `Unfit` where the host is not, or no longer, at a public address; `OSError` where nobody answered properly in time,
    or with more than ``most`` bytes.
    """
    until = time.monotonic() + PATIENCE
    with connected(request.endpoint, network_addresses(request.endpoint), until, trust) as connection:
        send(connection, f"{request.head()}\r\n\r\n".encode("ascii") + request.body, until)
        answer, held = read_head(connection, until)
        body = held
        wanted = _length(answer)
        while wanted is None or len(body) < wanted:
            if len(body) > most:
                raise OSError("What was answered is too long.")
            connection.settimeout(left(until))
            more = connection.recv(_PIECE)
            if not more:
                break
            body += more
    if wanted is not None and len(body) < wanted:
        raise OSError("Whoever was asked hung up.")
    if header_of(answer.head, "transfer-encoding").lower() == "chunked":
        body = _joined(body)
    if len(body) > most:
        raise OSError("What was answered is too long.")
    return Answer(status=answer.status, head=answer.head, body=body)


def _length(answer: Answer) -> int | None:
    """How long the body says it is; None where it ends with the connection."""
    said = header_of(answer.head, "content-length")
    if header_of(answer.head, "transfer-encoding") or not said:
        return None
    if not (said.isascii() and said.isdigit()) or len(said) > 9:
        raise OSError("What was answered does not say how long it is.")
    return int(said)


def _joined(body: bytes) -> bytes:
    """A body that came in chunks (RFC 9112, section 7.1)."""
    parts: list[bytes] = []
    rest = body
    while True:
        line, end, rest = rest.partition(b"\r\n")
        size = line.partition(b";")[0].strip()
        try:
            length = int(size, 16)
        except ValueError as error:
            raise OSError("What was answered came in chunks that are none.") from error
        if not end or length < 0:
            raise OSError("What was answered came in chunks that are none.")
        if length == 0:
            return b"".join(parts)
        if len(rest) < length + 2 or rest[length : length + 2] != b"\r\n":
            raise OSError("Whoever was asked hung up.")
        parts.append(rest[:length])
        rest = rest[length + 2 :]
