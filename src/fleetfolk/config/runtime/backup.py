"""`fleetfolk backup FILE`: everything that must not be lost is in one file. Nobody is kept waiting meanwhile."""

from __future__ import annotations

import argparse
import io
import os
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from fleetfolk.config.runtime import server
from fleetfolk.config.runtime.at_hand import database_at_hand
from fleetfolk.config.runtime.backup_file import (
    DATABASE,
    ERASURES,
    FOLDERS,
    SECRET,
    BackupFile,
    fingerprint_of,
    writing,
)
from fleetfolk.config.runtime.clients import clients_for
from fleetfolk.config.runtime.failure import CannotStart, Stopped, sentence_for
from fleetfolk.config.runtime.folder import MEGABYTE, DataFolder, data_folder
from fleetfolk.config.runtime.supervisor import stopped_by_signals
from fleetfolk.config.runtime.terminal import complain, say


def run(arguments: Sequence[str]) -> int:
    """0 when the backup is there; 1 after a sentence where it is not."""
    parser = argparse.ArgumentParser(prog="fleetfolk backup", description=__doc__)
    parser.add_argument("file", type=Path)
    path: Path = parser.parse_args(arguments).file.absolute()
    return answered(lambda: back_up(path, data_folder()))


def answered(work: Callable[[], None]) -> int:
    """The exit code of a command: 0 when it did its work; 1 after a sentence; 130 when it was interrupted."""
    try:
        with stopped_by_signals():
            work()
    except Stopped:
        return 130
    except CannotStart as failure:
        complain(str(failure))
    except OSError as error:
        sentence = sentence_for(error)
        if sentence is None:
            raise
        complain(sentence)
    else:
        return 0
    return 1


def back_up(path: Path, folder: DataFolder) -> None:
    """The backup is at the path."""
    if not path.parent.is_dir():
        raise CannotStart(f"There is no folder {path.parent}. Make it, or name another file.")
    begun = datetime.now(UTC)
    with database_at_hand(folder, alone=False) as (url, facts), writing(path) as backup:
        # First: what is written to a file while this goes on is known to no row in it, and harms nobody.
        size = dump(backup, url, facts, folder)
        files = sum(_add_folder(backup, folder.root / name, name) for name in FOLDERS)
        for name in (ERASURES, SECRET):
            if (folder.root / name).exists():
                with (folder.root / name).open("rb") as source:
                    backup.add(name, source)
        backup.finish(
            {
                "at": begun.isoformat(),
                "postgresql": facts.version,
                "database": facts.identity,
                "secret": _fingerprint(folder),
            }
        )
    whole = path.stat().st_size
    say(f"Backed up: {path}, {whole // MEGABYTE} MB, of them the database {size // MEGABYTE} MB, and {files} files.")


def dump(backup: BackupFile, url: str, facts: server.Facts, folder: DataFolder) -> int:
    """The database as it was at one moment is in the backup. Returns how many bytes that takes."""
    clients = clients_for(url, server=facts.version, data=folder)
    command = clients.command("pg_dump", "--format=custom", "--no-owner")
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, env=clients.environment) as process,
    ):
        try:
            size = backup.add(DATABASE, process.stdout or io.BytesIO())
        except BaseException:
            process.kill()
            raise
        if process.wait():
            said.seek(0)
            words = said.read().decode(errors="replace").strip().splitlines()
            raise CannotStart(f"The database could not be read: {words[-1] if words else 'it said nothing'}")
    return size


def _add_folder(backup: BackupFile, root: Path, name: str) -> int:
    """Every file below the folder is in the backup; one that is gone by then is not."""
    number = 0
    for place, _folders, files in os.walk(root):
        for file in sorted(files):
            path = Path(place) / file
            try:
                source = path.open("rb")
            except FileNotFoundError:
                continue
            with source:
                backup.add(f"{name}/{path.relative_to(root).as_posix()}", source)
            number += 1
    return number


def _fingerprint(folder: DataFolder) -> str:
    """Of the key that the installation signs with; nothing where it has none yet."""
    key = secret_of(folder)
    return fingerprint_of(key) if key else ""


def secret_of(folder: DataFolder) -> str:
    """The secret key: the one that is set, else the one that was made here."""
    given = os.environ.get("FLEETFOLK_SECRET_KEY", "")
    made = folder.root / SECRET
    return given or (made.read_text(encoding="utf-8") if made.exists() else "")
