"""Pictures of people, kept as files beside the database: each under the hash of its address, and no others.

A picture is a copy that can be fetched again, so it is no row of the database; what is not covered by a rule any more
is deleted. An empty file remembers that an address has no picture.
"""

import hashlib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from django.conf import settings

TYPES: Final = {".png": "image/png", ".jpg": "image/jpeg"}
_MAGIC: Final = {".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff"}
_NONE: Final = ".none"


def hash_of(email: str) -> str:
    """The name under which an address' picture is asked for and kept."""
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def suffix_of(picture: bytes) -> str:
    """``.png`` or ``.jpg`` by the first bytes; empty for all else, whatever it is called."""
    return next((suffix for suffix, magic in _MAGIC.items() if picture.startswith(magic)), "")


def kept_picture(email: str) -> Path | None:
    """The file of the address' picture."""
    files = (_folder() / f"{hash_of(email)}{suffix}" for suffix in TYPES)
    return next((file for file in files if file.is_file()), None)


def looked_for_at(email: str) -> float:
    """When it was last asked whether the address has a picture, in seconds; 0 for never."""
    return max((file.stat().st_mtime for file in _files_of(hash_of(email))), default=0.0)


def keep_picture(email: str, picture: bytes | None) -> None:
    """The picture is the address', or that there is none is remembered. What was there before is gone."""
    suffix = suffix_of(picture) if picture else ""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f"{hash_of(email)}.new"
    new.write_bytes(picture or b"" if suffix else b"")
    name = f"{hash_of(email)}{suffix or _NONE}"
    for file in list(_files_of(hash_of(email))):
        if file.name not in (name, new.name):
            file.unlink(missing_ok=True)
    new.replace(folder / name)


def forget_picture(email: str) -> None:
    """Nothing is kept of the address."""
    for file in list(_files_of(hash_of(email))):
        file.unlink(missing_ok=True)


def forget_all_but(hashes: Collection[str]) -> int:
    """Whatever is not of these addresses is gone. Returns how many files that were."""
    gone = [file for file in _files() if file.name.partition(".")[0] not in hashes]
    for file in gone:
        file.unlink(missing_ok=True)
    return len(gone)


def is_empty() -> bool:
    """Whether no file is kept at all."""
    return next(_files(), None) is None


def _folder() -> Path:
    return Path(settings.FLEETFOLK_DATA) / "files" / "pictures"


def _files() -> Iterator[Path]:
    folder = _folder()
    return folder.iterdir() if folder.is_dir() else iter(())


def _files_of(name: str) -> Iterator[Path]:
    return (file for suffix in (*TYPES, _NONE) if (file := _folder() / f"{name}{suffix}").is_file())
