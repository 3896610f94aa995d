"""The data folder: where an installation keeps its embedded database, logs and run files."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fleetfolk.config.runtime.failure import CannotStart

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class DataFolder:
    """The folder FLEETFOLK_DATA and the names of what lies in it. Nothing is made before `make`."""

    root: Path

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def passwords(self) -> Path:
        return self.root / "postgres.json"

    @property
    def database_url(self) -> Path:
        """Holds the address of the embedded database while it runs, so that other commands find it."""
        return self.root / "database-url"

    @property
    def demo(self) -> Path:
        """Holds the sign-ins of the demo world; written by `build_demo`."""
        return self.root / "demo.json"

    @property
    def demo_built(self) -> Path:
        """Names the database in which the demo world was finished."""
        return self.root / "demo-built"

    @property
    def simulated(self) -> Path:
        """Holds the simulated devices of the demo world with their tokens; written by `build_demo`."""
        return self.root / "simulated.json"

    @property
    def lock(self) -> Path:
        return self.root / "run.lock"

    def make(self) -> None:
        """The folder and its log folder exist. Others may pass through (the database's user must), not look inside."""
        self.root.mkdir(parents=True, exist_ok=True)
        if self.root.stat().st_uid == os.geteuid():
            self.root.chmod(0o711)
        self.logs.mkdir(exist_ok=True)
        if self.logs.stat().st_uid == os.geteuid():
            self.logs.chmod(0o700)


def data_folder() -> DataFolder:
    """FLEETFOLK_DATA when set; else `.fleetfolk` in the checkout, or in the working folder of an installed package."""
    named = os.environ.get("FLEETFOLK_DATA")
    if named:
        return DataFolder(Path(named).expanduser().absolute())
    checkout = Path(__file__).parents[4]
    start = checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()
    return DataFolder(start / ".fleetfolk")


@contextmanager
def held(lock: Path, *, says: str, refusal: str) -> Iterator[None]:
    """Only one process holds the lock; it ends with the process, however that ends, so no stale lock can stay behind.

    `says` is written into the file. A second process is refused with `refusal`, its `{holder}` being what that says.
    """
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 4096).decode(errors="replace").strip()
            raise CannotStart(refusal.replace("{holder}", holder or "another process")) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, says.encode())
        yield
    finally:
        os.close(descriptor)


def require_space(place: Path, *, megabytes: int) -> None:
    """At least so much is free where `place` is, or will be."""
    there = place
    while not there.exists():
        there = there.parent
    free = shutil.disk_usage(there).free // MEGABYTE
    if free < megabytes:
        raise CannotStart(
            f"Only {free} MB are free on the disk that holds {there}; Fleetfolk needs {megabytes} MB to start safely. "
            "Free some space, or set FLEETFOLK_DATA to a folder on a larger disk. Nothing that was saved is lost."
        )


def write_private(path: Path, text: str) -> None:
    """The file holds the text, whole or not at all, and only its owner may read it."""
    beside = path.with_name(f"{path.name}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def find_database() -> str | None:
    """DATABASE_URL; else the address of the embedded database, if `fleetfolk run` has it running."""
    given = os.environ.get("DATABASE_URL")
    if given:
        return given
    try:
        return data_folder().database_url.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
