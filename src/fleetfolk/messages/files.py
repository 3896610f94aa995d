"""The files that go with messages: pictures and PDFs by their first bytes, on disk under names that say nothing."""

import os
import re
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from django.conf import settings

LARGEST: Final = 10 * 1024 * 1024
MOST: Final = 5
"""So many files go with one message."""
NAME_LENGTH: Final = 120
ORPHANED_AFTER: Final = 24 * 3600
_KINDS: Final = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png", (".png",)),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg", (".jpg", ".jpeg")),
    (re.compile(rb"GIF8[79]a"), "image/gif", (".gif",)),
    (re.compile(rb"RIFF....WEBPVP8", re.DOTALL), "image/webp", (".webp",)),
    (re.compile(rb"%PDF-\d"), "application/pdf", (".pdf",)),
)
_UNSAFE: Final = re.compile(r"[\\/:*?\"<>|]+")


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
        media_type, endings = _kind_of(head)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return KeptFile(name=_safe(name, endings), media_type=media_type, size=size, file=key)


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


def _kind_of(head: bytes) -> tuple[str, tuple[str, ...]]:
    for pattern, media_type, endings in _KINDS:
        if pattern.match(head):
            return media_type, endings
    raise NotKept("message_file_kind")


def _safe(name: str, endings: tuple[str, ...]) -> str:
    """A file name without folders or unseen characters, whose ending is that of its kind."""
    plain = "".join(character for character in name if character.isprintable())
    plain = _UNSAFE.sub("_", plain).strip(". ")[-NAME_LENGTH + 5 :] or "file"
    return plain if Path(plain).suffix.lower() in endings else f"{plain}{endings[0]}"
