"""The file of an export: a ZIP with everything that the register of personal data holds of one person.

It is written as it is read, so memory does not grow with what is known. Its manifest, which comes last, names every
file with its checksum and the number of its records, and every table that is left out, with the reason.
"""

import datetime as dt
import hashlib
import json
import os
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from fleetfolk.console.csv_export import csv_lines
from fleetfolk.kernel import clock
from fleetfolk.users.models import User
from fleetfolk.users.personal import LAYOUT, Personal, Record, Shape, registered

FORMAT = "fleetfolk.export/1"
LOOK_UP = 5_000
"""Records after which it is asked whether the file is still wanted."""

TELL_AFTER = 500
TELL_EVERY = 0.5
"""Records after which the time is looked at, and seconds after which it is told how far the file is."""

_UNFINISHED_FOR = 24 * 3600
_PIECE = 1 << 16


class NotWanted(Exception):
    """Somebody cancelled the export while it was being made."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Built:
    """A finished file: its bytes, its SHA-256, and how many records are in it."""

    size: int
    sha256: str
    records: int


def folder() -> Path:
    """Where the files lie, readable by nobody else and never served by name."""
    return Path(settings.FLEETFOLK_DATA) / "files" / "exports"


def path_of(file: UUID) -> Path:
    """The file of this name."""
    return folder() / f"{file}.zip"


def build(
    person: User,
    file: UUID,
    *,
    own: bool,
    wanted: Callable[[], bool] = lambda: True,
    tell: Callable[[int, int], None] = lambda _done, _total: None,
) -> Built:
    """The file is there, whole, in the place of any that an earlier run left unfinished. Raises `NotWanted`.

    ``tell`` hears meanwhile how far it is and out of how much: a step for a file, and for each record of a long one.
    """
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path_of(file).with_suffix(".part")
    handle = os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600)
    try:
        with os.fdopen(handle, "w+b") as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                records = _Writer(archive, person, wanted, tell).write(own=own)
            out.flush()
            os.fsync(out.fileno())
            size = out.seek(0, os.SEEK_END)
            out.seek(0)
            digest = hashlib.file_digest(out, "sha256").hexdigest()
        unfinished.replace(path_of(file))
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return Built(size=size, sha256=digest, records=records)


def remove(file: UUID) -> None:
    """There is no such file any more."""
    path_of(file).unlink(missing_ok=True)


def remove_all_but(wanted: set[UUID]) -> None:
    """Only these files are there, and those that are being made."""
    if not folder().is_dir():
        return
    names = {path_of(file).name for file in wanted}
    latest = time.time() - _UNFINISHED_FOR
    for path in folder().iterdir():
        if path.name not in names and (path.suffix != ".part" or path.stat().st_mtime < latest):
            path.unlink(missing_ok=True)


class _Writer:
    """Writes one person's files into an archive."""

    def __init__(
        self,
        archive: zipfile.ZipFile,
        person: User,
        wanted: Callable[[], bool],
        tell: Callable[[int, int], None],
    ) -> None:
        self._archive = archive
        self._person = person
        self._wanted = wanted
        self._files: list[Record] = []
        self._until_asked = LOOK_UP
        self._tell = tell
        self._done = self._total = 0
        self._told_at = time.monotonic()

    def write(self, *, own: bool) -> int:
        """Every file, then the manifest. Returns how many records there are."""
        by_file = _by_file()
        long = [part for _name, _shape, parts in by_file for part in parts if part.count is not None]
        self._total = len(by_file) + sum(part.count(self._person) for part in long if part.count is not None)
        self._tell(0, self._total)
        for name, shape, parts in by_file:
            match shape:
                case "one":
                    self._member(f"{name}.json", _one(self._records(parts)))
                case "rows":
                    self._member(f"{name}.json", _array(self._records(parts)))
                    self._member(f"{name}.csv", _csv(lambda parts=parts: self._records(parts)))  # type: ignore[misc]
                case "log":
                    self._member(f"{name}.jsonl", _lines(self._records(parts)))
            self._step()
        manifest = json.dumps(self._manifest(own=own), ensure_ascii=False, indent=2, default=_plain) + "\n"
        self._archive.writestr("manifest.json", manifest)
        return sum(file["records"] for file in self._files if not file["name"].endswith(".csv"))

    def _member(self, name: str, pieces: Iterator[tuple[bytes, int]]) -> None:
        digest, size, records = hashlib.sha256(), 0, 0
        with self._archive.open(name, "w", force_zip64=True) as member:
            for piece in _gathered(pieces):
                digest.update(piece[0])
                size += len(piece[0])
                records += piece[1]
                member.write(piece[0])
        self._files.append({"name": name, "sha256": digest.hexdigest(), "bytes": size, "records": records})

    def _records(self, parts: list[Personal]) -> Iterator[Record]:
        for part in parts:
            if part.export is None:
                continue
            for record in part.export(self._person):
                self._until_asked -= 1
                if self._until_asked <= 0:
                    self._until_asked = LOOK_UP
                    if not self._wanted():
                        raise NotWanted
                if part.count is not None:
                    self._step()
                yield record

    def _step(self) -> None:
        self._done += 1
        if self._done % TELL_AFTER and self._done < self._total:
            return
        now = time.monotonic()
        if now >= self._told_at + TELL_EVERY:
            self._told_at = now
            self._tell(self._done, self._total)

    def _manifest(self, *, own: bool) -> Record:
        person = self._person
        zone = person.time_zone or person.organization.time_zone
        return {
            "format": FORMAT,
            "created": clock.now(),
            "subject": {"id": person.pk, "organization": person.organization.name},
            "tenant": {"id": person.tenant_id, "name": person.tenant.name},
            "installation": settings.FLEETFOLK_ORIGIN,
            "requested_by": "the person themselves" if own else "staff of the organization",
            "times": f"RFC 3339, in UTC. The person's own time zone is {zone}.",
            "rights_of_others": "Names and data of other people are left out where an entry is about them.",
            "files": self._files,
            "excluded": [{"table": part.model, "reason": part.excluded} for part in registered() if part.excluded],
        }


def _by_file() -> list[tuple[str, Shape, list[Personal]]]:
    """The files in their order: those of every export first, each with the tables that fill it."""
    shapes = dict(LAYOUT)
    parts: dict[str, list[Personal]] = {name: [] for name in LAYOUT}
    for part in registered():
        if part.export is not None:
            shapes[part.file] = part.shape
            parts.setdefault(part.file, []).append(part)
    return [(name, shapes[name], parts[name]) for name in parts]


def _one(records: Iterator[Record]) -> Iterator[tuple[bytes, int]]:
    merged: Record = {}
    for record in records:
        merged |= record
    yield (json.dumps(merged, ensure_ascii=False, indent=2, default=_plain) + "\n").encode(), 1


def _array(records: Iterator[Record]) -> Iterator[tuple[bytes, int]]:
    yield b"[", 0
    between = "\n"
    for record in records:
        yield (between + json.dumps(record, ensure_ascii=False, default=_plain)).encode(), 1
        between = ",\n"
    yield b"\n]\n", 0


def _lines(records: Iterator[Record]) -> Iterator[tuple[bytes, int]]:
    for record in records:
        yield (json.dumps(record, ensure_ascii=False, default=_plain) + "\n").encode(), 1


def _csv(read: Callable[[], Iterator[Record]]) -> Iterator[tuple[bytes, int]]:
    """The rows read twice: once for the columns, which only the records know."""
    columns: dict[str, None] = {}
    count = 0
    for record in read():
        columns |= dict.fromkeys(_flat(record))
        count += 1
    rows = ([flat.get(column) for column in columns] for flat in map(_flat, read()))
    for piece in csv_lines(columns, rows):
        yield piece, 0
    yield b"", count


def _flat(record: Record, prefix: str = "") -> dict[str, Any]:
    """The record as cells: what is inside it has a name with dots, a list is joined."""
    cells: dict[str, Any] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            cells |= _flat(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            cells[prefix + name] = "; ".join(str(_plain(one)) for one in value)
        else:
            cells[prefix + name] = value if value is None or isinstance(value, int | float) else str(_plain(value))
    return cells


def _gathered(pieces: Iterator[tuple[bytes, int]]) -> Iterator[tuple[bytes, int]]:
    """The same bytes in larger pieces: each is checked, compressed and written by itself."""
    held, size, records = [], 0, 0
    for piece, count in pieces:
        held.append(piece)
        size += len(piece)
        records += count
        if size >= _PIECE:
            yield b"".join(held), records
            held, size, records = [], 0, 0
    yield b"".join(held), records


def _plain(value: Any) -> Any:
    """What JSON lacks, as text: moments as RFC 3339 in UTC, everything else as it is written."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)
