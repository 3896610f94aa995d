"""The installation's database for a single command: the one that runs, or the embedded one for as long as it takes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from fleetfolk.config.runtime import server
from fleetfolk.config.runtime.cluster import Cluster
from fleetfolk.config.runtime.failure import CannotStart
from fleetfolk.config.runtime.folder import DataFolder, find_database, held


@contextmanager
def database_at_hand(folder: DataFolder, *, alone: bool) -> Iterator[tuple[str, server.Facts]]:
    """Its address and what it says of itself. With ``alone`` nobody else may use it: `fleetfolk run` is refused."""
    given = os.environ.get("DATABASE_URL", "")
    running = "" if alone else find_database() or ""
    if running and not given:
        yield running, server.reach(running)
        return
    folder.make()
    refusal = f"Fleetfolk runs on {folder.root} ({{holder}}). Stop it first."
    if given:
        facts = server.reach(given)
        if not alone:
            yield given, facts
            return
        with held(folder.lock, says=f"process {os.getpid()}", refusal=refusal):
            yield given, facts
        return
    if not alone and not folder.passwords.exists():
        raise CannotStart(f"There is no database in {folder.root}. Set FLEETFOLK_DATA, or DATABASE_URL.")
    with held(folder.lock, says=f"process {os.getpid()}", refusal=refusal):
        cluster = Cluster(home=folder.postgres, passwords=folder.passwords, log=folder.logs / "database.log")
        child, url = cluster.start()
        try:
            yield url, server.reach(url)
        finally:
            child.stop(seconds=60)
