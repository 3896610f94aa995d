"""A throwaway database for tests and measurements: made in a second, gone with the command that uses it.

    python -m fleetfolk.config.runtime.throwaway [--durable] [--keep NAME] COMMAND …

runs the command with DATABASE_URL set to a fresh embedded PostgreSQL. It writes nothing safely to disk, and is fast for
it, unless it is `--durable`. With `--keep` it is kept under that name for the next time. When DATABASE_URL is already
set, the command gets that one and nothing is started.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fleetfolk.config.runtime import server
from fleetfolk.config.runtime.cluster import Cluster
from fleetfolk.config.runtime.failure import CannotStart, Stopped, sentence_for
from fleetfolk.config.runtime.folder import DataFolder, data_folder, held, require_space
from fleetfolk.config.runtime.supervisor import stopped_by_signals
from fleetfolk.config.runtime.terminal import complain

NEEDED_MEGABYTES = 600


def main() -> int:
    """The exit code of the command; 1 after a sentence if there is no database for it; 130 when interrupted."""
    parser = argparse.ArgumentParser(prog="throwaway")
    parser.add_argument("--durable", action="store_true")
    parser.add_argument("--keep", metavar="NAME", default="")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    try:
        with stopped_by_signals():
            given = os.environ.get("DATABASE_URL")
            if given:
                server.reach(given)
                return follow(options.command, given)
            with throwaway_database(name=options.keep, durable=options.durable) as url:
                return follow(options.command, url)
    except Stopped:
        return 130
    except CannotStart as failure:
        complain(str(failure))
    except OSError as error:
        sentence = sentence_for(error)
        if sentence is None:
            raise
        complain(sentence)
    return 1


@contextmanager
def throwaway_database(*, name: str = "", durable: bool = False) -> Iterator[str]:
    """The address of a fresh database, whose user may make more of them; gone afterwards unless it has a name."""
    parent = data_folder().root / "throwaway"
    require_space(parent, megabytes=NEEDED_MEGABYTES)
    data_folder().make()
    parent.mkdir(exist_ok=True)
    remove_leftovers(parent)
    folder = DataFolder(parent / (f"kept-{name}" if name else f"run-{os.getpid()}"))
    folder.make()
    refusal = f"The database {name!r} is in use by {{holder}}. Wait for that to end, or stop it."
    with held(folder.lock, says=f"process {os.getpid()}", refusal=refusal):
        cluster = Cluster(
            home=folder.postgres,
            passwords=folder.passwords,
            log=folder.logs / "database.log",
            software_home=parent / "software",
            durable=durable,
            may_create_databases=True,
            tell=lambda _: None,
        )
        database, url = cluster.start()
        try:
            yield url
        finally:
            # What is thrown away needs no orderly end.
            if not name:
                database.polite = signal.SIGQUIT
            database.stop(seconds=30)
            if not name:
                remove(folder.root)


def remove_leftovers(parent: Path) -> None:
    """Databases whose process was killed are gone: nobody holds their lock."""
    for root in parent.glob("run-*"):
        with suppress(CannotStart, FileNotFoundError), held(root / "run.lock", says="", refusal=""):
            remove(root)


def remove(root: Path) -> None:
    home = (root / "postgres").resolve()
    shutil.rmtree(home, ignore_errors=True)
    shutil.rmtree(root, ignore_errors=True)


def follow(command: list[str], url: str) -> int:
    """The command has run, with its database; its exit code."""
    process = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": url})
    try:
        return process.wait()
    except Stopped:
        # Ctrl-C reaches the whole terminal; a plain signal only us.
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        raise


if __name__ == "__main__":
    sys.exit(main())
