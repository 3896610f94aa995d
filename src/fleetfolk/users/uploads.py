"""The files that people upload for an import: on disk, readable by nobody else, never served again."""

import os
import time
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings

ORPHANED_AFTER = 24 * 3600
"""Seconds after which a file that no job names is one whose upload was broken off."""


def folder() -> Path:
    """Where the files lie."""
    return Path(settings.FLEETFOLK_DATA) / "files" / "imports"


def path_of(name: str) -> Path:
    """The file with this name, which is a UUID: anything else is a ValueError."""
    return folder() / str(UUID(name))


def keep_upload(pieces: Iterable[bytes]) -> str:
    """The bytes are on disk under the name that is returned, or nothing is."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    name = str(uuid4())
    path = path_of(name)
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return name


def remove_upload(name: str) -> None:
    """There is no such file any more."""
    path_of(name).unlink(missing_ok=True)


def remove_orphans(known: set[str]) -> None:
    """Only files of these names are there, and those that may be on their way in."""
    if not folder().is_dir():
        return
    latest = time.time() - ORPHANED_AFTER
    for path in folder().iterdir():
        if path.name not in known and path.stat().st_mtime < latest:
            path.unlink(missing_ok=True)
