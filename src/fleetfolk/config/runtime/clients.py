"""PostgreSQL's own programs for backups, as new as the server at least, and how they are told where it is."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from psycopg import conninfo

from fleetfolk.config.runtime.failure import CannotStart
from fleetfolk.config.runtime.folder import DataFolder
from fleetfolk.config.runtime.software import unpacked


@dataclass(frozen=True, kw_only=True)
class Clients:
    """The programs, and what they need in their environment. A password is nowhere else: not among their arguments."""

    folder: Path
    address: str
    environment: dict[str, str]

    def command(self, program: str, *options: str) -> list[str]:
        """The program with these options, for the database."""
        return [str(self.folder / program), f"--dbname={self.address}", "--no-password", *options]

    def plain(self, program: str, *options: str) -> list[str]:
        """The program with these options, and no database."""
        return [str(self.folder / program), *options]


def clients_for(url: str, *, server: str, data: DataFolder) -> Clients:
    """The programs that fit a server of this version: those of this machine, else those that were brought along."""
    known = {name: str(value) for name, value in conninfo.conninfo_to_dict(url).items() if value is not None}
    password = known.pop("password", "")
    address = conninfo.make_conninfo(**known)
    secret = {"PGPASSWORD": password} if password else {}
    wanted = int(server.partition(".")[0])
    found = shutil.which("pg_dump")
    if found and _major_of(found) >= wanted:
        return Clients(folder=Path(found).parent, address=address, environment={**os.environ, **secret})
    data.postgres.mkdir(parents=True, exist_ok=True)
    software = unpacked(data.postgres)
    if int(software.version().partition(".")[0]) < wanted:
        raise CannotStart(
            f"The server is PostgreSQL {server}, and there is no pg_dump of that version here. "
            f"Install its programs (Debian: postgresql-client-{wanted}) and try again."
        )
    kept = {name: value for name, value in os.environ.items() if name.startswith("PG")}
    home = {"HOME": os.environ.get("HOME", "/")}
    return Clients(
        folder=software.root / "bin", address=address, environment={**home, **kept, **software.environment(), **secret}
    )


def _major_of(program: str) -> int:
    """The version of the program; 0 where it does not say."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    number = re.search(r"(\d+)\.", said)
    return int(number[1]) if number else 0
