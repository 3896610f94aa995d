"""Fifty people use an installation for half an hour: python -m bench.soak [--minutes 30] [--people 50]

An installation of its own with a world of 10,000 people, on a durable embedded PostgreSQL, each part a process of its
own. Admins, agents and customers use it over HTTP, each by their own clock, while devices report, a program reads and
changes, and pages stay open. Then: the last minutes were as fast as the first, no part has grown, no answer was
wrong, and whatever was acknowledged is there, once. Fails where that is not so.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.faults.installation import Installation, until

if TYPE_CHECKING:
    from bench.soak.beside import OpenPage, Steady
    from bench.soak.memory import Watch
    from bench.soak.world import Settled

PAGE = Path(__file__).resolve().parents[2] / "docs/explanation/faults.md"
BEGIN, END = "<!-- begin: written by `make soak` -->", "<!-- end: soak -->"
SIZE = "SELECT pg_database_size(current_database()) / 1048576, clock_timestamp()"
IDLE = "SELECT count(*) = 0 FROM jobs_job WHERE state IN ('queued', 'running')"
LONGEST_OVER = 120.0
SHORTEST_KEPT = 20.0
"""Minutes. What ran for less is a rehearsal, and not written into the page."""


def main() -> int:
    """Runs it; 1 where something did not hold."""
    parser = argparse.ArgumentParser(prog="soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--people", type=int, default=50, help="how many use it at once")
    parser.add_argument("--world", type=int, default=10_000, help="how many people there are")
    parser.add_argument("--think", type=float, default=1.7, help="seconds between two things that somebody does")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        metrics = folder / "metrics"
        metrics.mkdir()
        os.environ |= {"FLEETFOLK_DEBUG": "0", "PROMETHEUS_MULTIPROC_DIR": str(metrics)}
        installation = Installation(folder=folder, served=("web", "gateway", "live", "worker"))
        try:
            installation.begin()
            import django  # noqa: PLC0415 - the settings are known only now

            django.setup()
            lines, missed = soak(installation, options)
        except BaseException:
            for child in installation.children.values():
                print(f"--- {child.name} {child.ending()}\n{child.output()[-4000:]}", file=sys.stderr, flush=True)
            raise
        finally:
            installation.close()
    print("\n".join(lines), flush=True)
    for what in missed:
        print(f"NOT SO: {what}", flush=True)
    if options.minutes >= SHORTEST_KEPT:
        write([*lines, "", *(f"Not as it should be: {what}." for what in missed)] if missed else lines)
    return 1 if missed else 0


def soak(installation: Installation, options: argparse.Namespace) -> tuple[list[str], list[str]]:
    """What was seen, and what did not hold."""
    # All of these need the settings.
    from django.db import connections  # noqa: PLC0415

    from bench.soak import verdict as judged  # noqa: PLC0415
    from bench.soak.memory import Watch  # noqa: PLC0415
    from bench.soak.tally import Tally  # noqa: PLC0415
    from bench.soak.world import build, settle, sign_in  # noqa: PLC0415

    began = time.monotonic()
    build(installation, options.world)
    tally = Tally()
    settled = settle(installation, tally, people=options.world, users=options.people)
    connections.close_all()
    print(f"a world of {options.world:,} people in {time.monotonic() - began:.0f} s", flush=True)
    installation.start()
    sign_in(settled)
    print(f"{len(settled.people)} people are signed in", flush=True)
    size, since = installation.rows(SIZE)[0]
    run = judged.Run(minutes=options.minutes)
    watch = Watch(children=installation.children, tally=tally)
    tally.began = time.monotonic()
    live(settled, watch, until=run.seconds, think=options.think)
    took = tally.now()
    verdict = judged.Verdict()
    said = (
        f"Seen on {dt.datetime.now(dt.UTC):%Y-%m-%d}, Python {platform.python_version()}, {os.cpu_count()} cores, "
        f"{options.people} people at once for {options.minutes:g} minutes, each doing something every "
        f"{options.think:g} seconds, in a world of {options.world:,}: {len(tally.answers):,} answers, "
        f"{len(tally.answers) / took:.1f} a second. The database had {size} MB before and "
        f"{installation.rows(SIZE)[0][0]} MB after."
    )
    verdict.lines += [said, ""]
    verdict.asked(took < run.seconds + 60, f"it ends by itself: after {took:.0f} s")
    verdict.asked(not tally.wrong, f"{len(tally.wrong)} wrong answers: {tally.wrong[:20]}")
    for part, child in installation.children.items():
        verdict.asked(child.alive, f"{part} runs: it {child.ending()}")
    judged.speed(run, tally.answers, verdict)
    judged.memory(run, watch, verdict)
    until(lambda: installation.one(IDLE), "jobs are over", pause=2)
    until(lambda: tally.invited <= {to for _name, to in installation.letters.taken}, "mails are out", pause=2)
    judged.truth(installation, tally, settled.reporters, verdict, since=since)
    judged.listened(settled.pages, verdict)
    return verdict.lines, verdict.missed


def live(settled: Settled, watch: Watch, *, until: float, think: float) -> None:
    """Everybody and everything does as they do, until so many seconds have passed."""
    ending = threading.Event()
    steady: list[Steady | OpenPage] = [*settled.reporters, *settled.programs, *settled.pages]
    threads = [
        threading.Thread(target=person.live, args=[ending], kwargs={"think": think, "until": until})
        for person in settled.people
    ]
    threads += [threading.Thread(target=one.live, args=[ending], kwargs={"until": until}) for one in steady]
    looking = threading.Thread(target=watch.live, args=[ending])
    looking.start()
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(0.0, until + LONGEST_OVER - watch.tally.now()))
    finally:
        ending.set()
        looking.join()


def write(lines: list[str]) -> None:
    """The page has the figures of this run."""
    page = PAGE.read_text(encoding="utf-8")
    before, found, rest = page.partition(BEGIN)
    if not found:
        raise SystemExit(f"{PAGE.name} has no place for the figures ({BEGIN}).")
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n\n" + "\n".join(lines) + f"\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main())
