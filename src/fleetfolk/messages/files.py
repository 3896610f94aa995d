"""The files that go with messages: pictures and PDFs by their first bytes, on disk under names that say nothing."""

import os
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from django.conf import settings

from fleetfolk.messages.sniffing import Kind, kind_of, safe_name

LARGEST: Final = 10 * 1024 * 1024
MOST: Final = 5
"""So many files go with one message."""
ORPHANED_AFTER: Final = 24 * 3600


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptFile:
    """A file on disk that a message may have: made by `keep_file` alone."""

    name: str
    media_type: str
    size: int
    file: UUID


class NotKept(ValueError):
    """The file is too large, or nothing that a message may carry. Its argument is the code of the reason."""


def keep_file(name: str, pieces: Iterable[bytes]) -> KeptFile:
    """The bytes are on disk, or nothing is. Raises `NotKept` for what no message carries."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    key, size, head = uuid4(), 0, b""
    path = path_of(key)
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                size = _grown(size + len(piece))
                head = head if len(head) >= 32 else (head + piece[:32])[:32]
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        kind = _let_in(head)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return KeptFile(name=safe_name(name, kind), media_type=kind.media_type, size=size, file=key)


def folder() -> Path:
    """Where the files lie."""
    return Path(settings.FLEETFOLK_DATA) / "files" / "messages"


def path_of(key: UUID) -> Path:
    """The file with this key."""
    return folder() / str(key)


def sweep(known: Collection[UUID]) -> int:
    """Files that no message has are gone, but for those that may be on their way in. Returns how many."""
    if not folder().is_dir():
        return 0
    names, latest, gone = {str(key) for key in known}, time.time() - ORPHANED_AFTER, 0
    for path in folder().iterdir():
        if path.name not in names and path.stat().st_mtime < latest:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _grown(size: int) -> int:
    if size > LARGEST:
        raise NotKept("message_file_size")
    return size


def _let_in(head: bytes) -> Kind:
    kind = kind_of(head)
    if kind is None:
        raise NotKept("message_file_kind")
    return kind
