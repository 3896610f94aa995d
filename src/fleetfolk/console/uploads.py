"""Uploads stop at the limit before they are stored, whichever view they are for."""

from typing import IO, Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler

ROOM = 1_000_000
"""So many bytes beyond the limit still reach the form, which says in a sentence what is too large."""


class TooLarge(SuspiciousOperation):
    """The request's body is larger than any upload may be."""


class LimitedUpload(FileUploadHandler):
    """Stands before the handlers that store: refuses by the announced length, and by what really comes."""

    received = 0

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, str],  # noqa: N803 - Django's name
        content_length: int,
        boundary: str,
        encoding: Any = None,
    ) -> None:
        """Raises `TooLarge` where the announced length is beyond the limit: of strangers, that of an ordinary form."""
        known = hasattr(self.request, "actor")
        limit = settings.FLEETFOLK_UPLOAD_MAX_BYTES + ROOM if known else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if content_length > limit:
            raise TooLarge("announced")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Passes the chunk on; raises `TooLarge` where the sum is beyond the limit."""
        self.received += len(raw_data)
        if self.received > settings.FLEETFOLK_UPLOAD_MAX_BYTES + ROOM:
            raise TooLarge("received")
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler keeps the file."""
