"""Long work: acts on many, and waiting for a job to end."""

import sys
import time
from argparse import Namespace
from typing import Any, Final

from fleetfolk.config.remote.calls import fields_given
from fleetfolk.config.remote.failure import Ends, Failed
from fleetfolk.config.remote.keys import key_of
from fleetfolk.config.remote.server import Server
from fleetfolk.config.remote.table import Writer, plain

_OVER: Final = frozenset({"done", "cancelled", "failed"})
_SLOWEST: Final = 3.0


def bulk(server: Server, writer: Writer, asked: Namespace) -> int:
    """The act is done to all that are named, or to all that the filter finds. Without an act: what there is."""
    if not asked.act:
        acts = (one for one in server.get("bulk") if one["of"] == asked.of)
        writer.rows(("act", "label", "right"), acts)
        return Ends.DONE
    if not asked.names and asked.filter is None:
        raise Failed("Say who: by keys or names, or with --filter (empty for all that the list has).", Ends.USAGE)
    data: dict[str, Any] = {"chosen": fields_given(asked.set), "word": asked.word, "dry_run": asked.dry_run}
    if asked.filter is None:
        data["ids"] = [key_of(server, asked.of, name) for name in asked.names]
    else:
        data["filter"] = asked.filter
    answer = server.post(f"bulk/{asked.of}/{asked.act}", data)
    job = answer["job"]
    if asked.dry_run or not asked.wait:
        writer.one({"job": job["id"], "title": job["title"], "state": job["state"], **answer["plan"]})
        return Ends.DONE
    return ended(server, writer, job["id"])


def wait(server: Server, writer: Writer, asked: Namespace) -> int:
    """The job has ended, and how."""
    return ended(server, writer, key_of(server, "jobs", asked.name))


def ended(server: Server, writer: Writer, job_id: int) -> int:
    """Looks at the job until it is over. 0: all of it is done; 1: of some it was refused; 5: it failed or was stopped.

    How far it is stands on one line of a terminal, and nowhere where there is none.
    """
    pause = 0.2
    live = sys.stderr.isatty()
    while True:
        job = server.get(f"jobs/{job_id}")
        if live:
            said = f"{plain(job['title'])}: {job['done']:,} of {job['total']:,}"
            print(f"\r\x1b[K{said}", end="", file=sys.stderr, flush=True)
        if job["state"] in _OVER:
            break
        time.sleep(pause)
        pause = min(pause * 1.5, _SLOWEST)
    if live:
        print(file=sys.stderr)
    writer.one(job)
    if job["state"] != "done":
        return Ends.JOB_FAILED
    return Ends.REFUSED if job["counts"].get("problem") else Ends.DONE
