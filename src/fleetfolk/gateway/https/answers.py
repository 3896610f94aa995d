"""What the device HTTPS API sends back."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any, BinaryIO

from fleetfolk.gateway.errands import Refusal

TEXT = "text/plain; charset=utf-8"
JSON = "application/json"
PIECE = 256 * 1024
"""Bytes of a stream that are in memory at a time."""
COMMON = (("cache-control", "no-store"), ("x-content-type-options", "nosniff"))


class HttpRefusal(Refusal):
    """A refusal with a status of its own; all others are 400, as Blynk's are."""

    def __init__(self, status: int, message: str, *, limit: bool = False) -> None:
        super().__init__(message, limit=limit)
        self.status = status


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A status, a body and what it is. What ``stream`` has is sent piece by piece, however large it is."""

    status: int = 200
    body: str | bytes = ""
    content_type: str = TEXT
    more: tuple[tuple[str, str], ...] = ()
    stream: BinaryIO | None = None

    @classmethod
    def of(cls, reply: Any) -> "Answer":
        """A text as it is, anything else as JSON."""
        return cls(body=reply) if isinstance(reply, str) else cls(body=as_json(reply), content_type=JSON)

    @classmethod
    def error(cls, status: int, message: str) -> "Answer":
        """An error, in Blynk's shape."""
        return cls(status=status, body=as_json({"error": {"message": message}}), content_type=JSON)

    async def send(self, connection: Any) -> None:
        """The answer is on its way."""
        headers = [("content-type", self.content_type), *COMMON, *self.more]
        if self.stream is not None:
            with self.stream as file:
                transport = connection.response_stream(self.status, headers)
                while piece := await asyncio.to_thread(file.read, PIECE):
                    await transport.send_bytes(piece)
            return
        send = connection.response_bytes if isinstance(self.body, bytes) else connection.response_str
        send(self.status, headers, self.body)


def as_json(reply: Any) -> str:
    """JSON as Blynk writes it: without spaces, in any script."""
    return json.dumps(reply, separators=(",", ":"), ensure_ascii=False)
