"""Pages travel packed, and packing them costs little of what making them does."""

import gzip
import secrets
import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware, re_accepts_gzip
from django.utils.cache import patch_vary_headers

LEVEL = 2
"""Of 9. A table of 25 rows is packed in a third of the time of Django's 6, and is a tenth larger: half a kilobyte."""

SHORTEST = 200
_HEAD = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
"""Of RFC 1952: what it is, packed how, no flags yet, at no time, by an unknown system."""


class PackingMiddleware(GZipMiddleware):
    """Django's own, whose level cannot be set. What it does about who guesses, and that streams do not wait, stays."""

    def process_response(self, request: HttpRequest, response: Any) -> HttpResponseBase:
        """Packed in the same form as Django's: with a name of any length, so that lengths tell nothing of a page."""
        streaming = response.streaming
        if "Content-Encoding" in response or (not streaming and len(response.content) < SHORTEST):
            return response  # type: ignore[no-any-return]
        if streaming and (response.is_async or "ETag" in response):
            answer: HttpResponseBase = super().process_response(request, response)
            return answer
        patch_vary_headers(response, ("Accept-Encoding",))
        if not re_accepts_gzip.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
            return response  # type: ignore[no-any-return]
        if streaming:
            response.streaming_content = self._packed_as_it_comes(response.streaming_content)
            del response.headers["Content-Length"]
            response.headers["Content-Encoding"] = "gzip"
        else:
            packed = self._packed(response.content)
            if len(packed) < len(response.content):
                response.content = packed
                response.headers["Content-Length"] = str(len(packed))
                response.headers["Content-Encoding"] = "gzip"
        return response  # type: ignore[no-any-return]

    def _packed(self, content: bytes) -> bytes:
        return self._named(gzip.compress(content, compresslevel=LEVEL, mtime=0))

    def _packed_as_it_comes(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Each piece of a stream is on its way as soon as it is there."""
        packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        check, length = 0, 0
        yield self._named(_HEAD)
        for piece in pieces:
            check, length = zlib.crc32(piece, check), length + len(piece)
            yield packer.compress(piece) + packer.flush(zlib.Z_SYNC_FLUSH)
        yield packer.flush() + struct.pack("<LL", check, length & 0xFFFFFFFF)

    def _named(self, packed: bytes) -> bytes:
        """With a name of any length behind the ten bytes that it begins with."""
        named = bytearray(packed)
        named[3] |= gzip.FNAME
        named[10:10] = b"a" * secrets.randbelow(self.max_random_bytes) + b"\0"
        return bytes(named)
