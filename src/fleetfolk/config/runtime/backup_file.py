"""The file of a backup: a ZIP of the database as pg_dump writes it, the files beside it, and what checks them.

manifest.json          when, by which version, from which PostgreSQL; the checksum of everything else
database.dump          pg_dump's custom format
erasures.jsonl         who was erased by then, as keyed hashes
secret-key             the key that was made here, where none is set
files/… device-uploads/… device-data/…
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from fleetfolk.config.runtime.failure import CannotStart
from fleetfolk.config.runtime.folder import MEGABYTE

FORMAT: Final = "fleetfolk.backup/1"
MANIFEST, DATABASE, ERASURES, SECRET = "manifest.json", "database.dump", "erasures.jsonl", "secret-key"
FOLDERS: Final = ("files", "device-uploads", "device-data")
"""What people and devices uploaded, and what jobs under way read and write."""


@dataclass(kw_only=True)
class BackupFile:
    """A backup that is being written. It is there, whole, when the block of `writing` ends."""

    archive: zipfile.ZipFile
    sums: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, source: IO[bytes]) -> int:
        """Everything that the source holds is in it under this name. Returns how many bytes those are."""
        digest, size = hashlib.sha256(), 0
        # It cannot be known beforehand that it is small enough for the older form.
        with self.archive.open(name, "w", force_zip64=True) as place:
            while piece := source.read(MEGABYTE):
                digest.update(piece)
                size += len(piece)
                place.write(piece)
        self.sums[name] = digest.hexdigest()
        return size

    def finish(self, about: Mapping[str, Any]) -> None:
        """What it is, and the checksums, are in it."""
        manifest = {"format": FORMAT, **about, "sha256": dict(sorted(self.sums.items()))}
        self.archive.writestr(MANIFEST, json.dumps(manifest, indent=1))


@contextmanager
def writing(path: Path) -> Iterator[BackupFile]:
    """The file is at the path when the block ends well, and on the disk; else nothing is, or what was there before."""
    beside = path.with_name(f"{path.name}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                yield BackupFile(archive=archive)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


@dataclass(frozen=True, kw_only=True)
class Backup:
    """A backup that was read and found whole."""

    archive: zipfile.ZipFile
    about: Mapping[str, Any]

    def open(self, name: str) -> IO[bytes]:
        """One of its parts, to be read."""
        return self.archive.open(name)

    def holds(self, name: str) -> bool:
        """Whether it has this part."""
        return name in self.about["sha256"]

    def unpack(self, folder: str, place: Path) -> int:
        """The place holds what the folder held, and nothing else. Returns how many files those are."""
        fresh, former = place.with_name(f"{place.name}.restoring"), place.with_name(f"{place.name}.former")
        for left in (fresh, former):
            shutil.rmtree(left, ignore_errors=True)
        names = [name for name in self.about["sha256"] if name.startswith(f"{folder}/")]
        fresh.mkdir(parents=True)
        for name in names:
            inside = fresh / name.removeprefix(f"{folder}/")
            if not inside.resolve().is_relative_to(fresh.resolve()):
                raise CannotStart(f"The backup names a file outside of its folder: {name!r}. Nothing was changed.")
            inside.parent.mkdir(parents=True, exist_ok=True)
            with self.open(name) as source, inside.open("wb") as target:
                shutil.copyfileobj(source, target, MEGABYTE)
        if place.exists():
            place.rename(former)
        fresh.rename(place)
        shutil.rmtree(former, ignore_errors=True)
        return len(names)


@contextmanager
def reading(path: Path) -> Iterator[Backup]:
    """The backup, every part of which has the checksum that was noted. `CannotStart` where it is none, or not whole."""
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise CannotStart(f"There is no file {path}. Name the backup.") from None
    except zipfile.BadZipFile:
        raise CannotStart(f"{path} is no backup of Fleetfolk, or is not whole. Nothing was changed.") from None
    with archive:
        about: dict[str, Any] = {}
        with suppress(KeyError, ValueError, TypeError, zipfile.BadZipFile):
            about = json.loads(archive.read(MANIFEST))
        if about.get("format") != FORMAT or DATABASE not in about.get("sha256", ()):
            raise CannotStart(f"{path} is no backup that this version of Fleetfolk reads. Nothing was changed.")
        for name, expected in about["sha256"].items():
            if _sum_of(archive, name) != expected:
                raise CannotStart(f"{path} was damaged ({name} is not as it was written). Nothing was changed.")
        yield Backup(archive=archive, about=about)


def fingerprint_of(secret: str) -> str:
    """By what a backup knows the secret key again, which it must not hold."""
    return hmac.new(secret.encode(), b"fleetfolk.backup", "sha256").hexdigest()


def _sum_of(archive: zipfile.ZipFile, name: str) -> str:
    """The checksum of a part as it is now; nothing for one that cannot be read."""
    digest = hashlib.sha256()
    try:
        with archive.open(name) as part:
            while piece := part.read(MEGABYTE):
                digest.update(piece)
    except (KeyError, zipfile.BadZipFile, EOFError):
        return ""
    return digest.hexdigest()
