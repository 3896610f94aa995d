"""Pages travel packed, and packing them costs little of what making them does."""

import gzip
import secrets
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware, re_accepts_gzip
from django.utils.cache import patch_vary_headers

LEVEL = 2
"""Of 9. A table of 25 rows is packed in a third of the time of Django's 6, and is a tenth larger: half a kilobyte."""

SHORTEST = 200


class PackingMiddleware(GZipMiddleware):
    """Django's own, whose level cannot be set. What it does about streams, and about who guesses, stays."""

    def process_response(self, request: HttpRequest, response: Any) -> HttpResponseBase:
        """Packed in the same form as Django's: with a name of any length, so that lengths tell nothing of a page."""
        if response.streaming or len(response.content) < SHORTEST or "Content-Encoding" in response:
            answer: HttpResponseBase = super().process_response(request, response)
            return answer
        patch_vary_headers(response, ("Accept-Encoding",))
        if re_accepts_gzip.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
            packed = self._packed(response.content)
            if len(packed) < len(response.content):
                response.content = packed
                response.headers["Content-Length"] = str(len(packed))
                response.headers["Content-Encoding"] = "gzip"
        return response  # type: ignore[no-any-return]

    def _packed(self, content: bytes) -> bytes:
        packed = bytearray(gzip.compress(content, compresslevel=LEVEL, mtime=0))
        packed[3] |= gzip.FNAME
        packed[10:10] = b"a" * secrets.randbelow(self.max_random_bytes) + b"\0"
        return bytes(packed)
