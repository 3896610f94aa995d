"""`fleetfolk restore FILE`: the installation is as it was when the backup was made, but for who was erased since."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

import psycopg

from fleetfolk.config.runtime.at_hand import database_at_hand
from fleetfolk.config.runtime.backup import answered, secret_of
from fleetfolk.config.runtime.backup_file import (
    DATABASE,
    ERASURES,
    FOLDERS,
    SECRET,
    Backup,
    fingerprint_of,
    reading,
)
from fleetfolk.config.runtime.clients import Clients, clients_for
from fleetfolk.config.runtime.failure import CannotStart
from fleetfolk.config.runtime.folder import MEGABYTE, DataFolder, data_folder, require_space, write_private
from fleetfolk.config.runtime.terminal import say

BEFORE = """\
SET client_min_messages = warning;
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
"""
USED_BY_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


def run(arguments: Sequence[str]) -> int:
    """0 when everything is as it was; 1 after a sentence where nothing was changed, or what is left to do."""
    parser = argparse.ArgumentParser(prog="fleetfolk restore", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--replace", action="store_true", help="throw away what the database holds now")
    options = parser.parse_args(arguments)
    return answered(lambda: restore(options.file.absolute(), data_folder(), replace=options.replace))


def restore(path: Path, folder: DataFolder, *, replace: bool) -> None:
    """Database and files are those of the backup; erasures that it does not know of are made again."""
    with reading(path) as backup:
        _require_the_key(backup, folder)
        folder.make()
        require_space(folder.root, megabytes=3 * path.stat().st_size // MEGABYTE)
        with database_at_hand(folder, alone=True) as (url, facts):
            _require_nobody(url)
            if not replace:
                _require_empty(url)
            say(f"Restoring the backup of {backup.about['at'][:19].replace('T', ' ')} UTC …")
            clients = clients_for(url, server=facts.version, data=folder)
            _database(backup, clients)
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("ANALYZE")
            files = sum(backup.unpack(name, folder.root / name) for name in FOLDERS)
            _merge_erasures(backup, folder)
            if backup.holds(SECRET) and not (folder.root / SECRET).exists():
                write_private(folder.root / SECRET, backup.open(SECRET).read().decode())
            # The demo's world is in it or not; none is built on top.
            write_private(folder.demo_built, facts.identity)
            say(f"Database and {files} files are there. Bringing the tables up to date, erasing again who was erased …")
            _finish(url, folder)
    say("Restored. Start it: fleetfolk run")


def _database(backup: Backup, clients: Clients) -> None:
    """The database is the backup's: in one transaction, so that it is as before where that fails."""
    listing = clients.plain("pg_restore", "--no-owner", "--file=-")
    loading = clients.command("psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
    read, write = os.pipe()
    os.write(write, BEFORE.encode())
    with tempfile.TemporaryFile() as said:
        pipes = {"stderr": said, "env": clients.environment}
        with (
            subprocess.Popen(loading, stdin=read, stdout=subprocess.DEVNULL, **pipes) as loader,  # type: ignore[call-overload]
            subprocess.Popen(listing, stdin=subprocess.PIPE, stdout=write, **pipes) as lister,  # type: ignore[call-overload]
        ):
            os.close(read)
            try:
                feeder = threading.Thread(target=_feed, args=(backup, lister))
                feeder.start()
                feeder.join()
                listed = lister.wait()
                if listed:
                    # Its end would look like the end of the backup, and be committed.
                    loader.kill()
            finally:
                os.close(write)
            loaded = loader.wait()
        if listed or loaded:
            said.seek(0)
            lines = said.read().decode(errors="replace").strip().splitlines()
            words = next((line for line in lines if "ERROR" in line or "error:" in line), lines[-1] if lines else "?")
            raise CannotStart(f"The database could not be restored, and is as it was before: {words}")


def _feed(backup: Backup, lister: subprocess.Popen[bytes]) -> None:
    with backup.open(DATABASE) as source:
        try:
            if lister.stdin is not None:
                shutil.copyfileobj(source, lister.stdin, MEGABYTE)
                lister.stdin.close()
        except BrokenPipeError:
            pass  # It has ended, and says why.


def _finish(url: str, folder: DataFolder) -> None:
    """The tables are those of this version, and nobody is there who was erased."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "fleetfolk.config.settings",
        "DATABASE_URL": url,
        "FLEETFOLK_DATA": str(folder.root),
    }
    for command in ("migrate", "reapply_erasures"):
        done = subprocess.run(
            [sys.executable, "-m", "fleetfolk.config.cli", command, "--verbosity=0"], env=environment, check=False
        )
        if done.returncode:
            raise CannotStart(
                f"Everything is restored, but `fleetfolk {command}` failed, see above. "
                "Mend that and run `fleetfolk migrate` and `fleetfolk reapply-erasures` before anybody is let in."
            )


def _merge_erasures(backup: Backup, folder: DataFolder) -> None:
    """What either knows is in the file. The folder's own may know of more: they were made since."""
    place = folder.root / ERASURES
    lines = place.read_text(encoding="utf-8").splitlines() if place.exists() else []
    if backup.holds(ERASURES):
        lines += [line for line in backup.open(ERASURES).read().decode().splitlines() if line not in set(lines)]
    if lines:
        write_private(place, "\n".join(lines) + "\n")


def _require_the_key(backup: Backup, folder: DataFolder) -> None:
    """The backup was made with the secret key of this installation, or brings the one that belongs here."""
    expected = backup.about["secret"]
    mine = secret_of(folder)
    former = [key for key in os.environ.get("FLEETFOLK_SECRET_KEY_FALLBACKS", "").split(",") if key]
    if expected and mine and expected not in {fingerprint_of(key) for key in (mine, *former)}:
        raise CannotStart(
            "The backup was made with another secret key, without which second factors, links and erasures of it are "
            "not known again. Set FLEETFOLK_SECRET_KEY to that one, or name it in FLEETFOLK_SECRET_KEY_FALLBACKS. "
            "Nothing was changed."
        )
    if expected and not mine and not backup.holds(SECRET):
        raise CannotStart("Set FLEETFOLK_SECRET_KEY to the key that the backup was made with. Nothing was changed.")


def _require_nobody(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(USED_BY_OTHERS).fetchone()
    if row and row[0]:
        raise CannotStart(
            f"{row[0]} connections use the database. Stop pages, worker, gateway and everything else, then try again. "
            "Nothing was changed."
        )


def _require_empty(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute("SELECT to_regclass('public.django_migrations') IS NOT NULL").fetchone()
    if row and row[0]:
        raise CannotStart(
            "The database already holds an installation. To throw that away: fleetfolk restore --replace FILE. "
            "Nothing was changed."
        )
