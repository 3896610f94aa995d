"""Measures Fleetfolk on a world of invented people: `python -m bench --people 100000`, or `make bench PEOPLE=100000`.

Prints one table, keeps its rows in bench/results.jsonl and writes docs/explanation/performance.md. Everything is on
loopback, bounded, and stops by itself. The world is kept for the next run of the same size.
"""

import argparse
import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import django

SMALLEST_KEPT = 10_000
CLIENTS = (1, 8)


def main() -> int:
    """0 after the table; targets that are missed are said there and are no error."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=10_000, help="how many there are in the world (default 10,000)")
    parser.add_argument("--log-entries", type=int, default=0, help="so many more entries in the action log (20000000)")
    parser.add_argument("--only", default="", help="only scenarios whose names hold this; nothing is kept then")
    parser.add_argument(
        "--reading", action="store_true", help="only lists and searches, on the world itself: for one too large to copy"
    )
    parser.add_argument("--no-keep", action="store_true", help="only print")
    options = parser.parse_args()
    server = os.environ.get("DATABASE_URL", "")
    if not server:
        print("DATABASE_URL is not set. Run this by `make bench`, which brings a database.", file=sys.stderr)
        return 2
    if options.people < 1_000:
        print("A world of fewer than 1,000 people has no tenants to compare. Choose more.", file=sys.stderr)
        return 2
    # What stands in a dialog costs the pages nothing: the settings are those of a demo, without its world.
    os.environ.setdefault("FLEETFOLK_MODE", "demo")
    os.environ["DJANGO_SETTINGS_MODULE"] = "fleetfolk.config.settings"
    folder = Path(os.environ.get("FLEETFOLK_DATA") or ".fleetfolk").absolute() / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["FLEETFOLK_DATA"] = str(folder)
    django.setup()
    run(
        server,
        options.people,
        folder,
        log_entries=options.log_entries,
        only=options.only,
        reading=options.reading,
        keep=not options.no_keep,
    )
    return 0


def run(server: str, people: int, folder: Path, *, log_entries: int = 0, only: str, reading: bool, keep: bool) -> None:
    """Everything is measured, printed and kept."""
    # Needs settings, so it comes after them.
    from bench import report, results  # noqa: PLC0415
    from bench.session import Session  # noqa: PLC0415

    began = time.monotonic()
    with world_of(server, people, log_entries=log_entries, in_place=reading) as url:
        session = Session(url=url, people=people, folder=folder, log_entries=log_entries, only=only)
        rows = session.measure_reading() if reading else session.measure()
    print("\n" + report.table(rows, people, kept=results.read()))
    print(f"\nMeasured in {time.monotonic() - began:.0f} s.")
    if keep and not only and people >= SMALLEST_KEPT:
        report.write(results.keep(rows, people=people))
        print(f"Kept in {results.FILE.name} and {report.PAGE.name}.")


@contextlib.contextmanager
def world_of(server: str, people: int, *, log_entries: int = 0, in_place: bool = False) -> Iterator[str]:
    """The address of a copy of the world of so many people, or of that itself. Django is told before it connects."""
    from django.contrib.auth.hashers import make_password  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    from bench import database, loading, roles, world  # noqa: PLC0415

    def load(url: str) -> None:
        hashed = make_password(world.PASSWORD)
        loading.load(url, people, roles=roles.role_seeds(), password_hash=hashed, log_entries=log_entries)

    name = database.present(server, people, log_entries=log_entries, load=load, tell=say)
    say("Warming the world …" if in_place else "Copying the world for this run, and warming it …")
    with database.itself(server, name) if in_place else database.copied(server, name) as url:
        settings = connections["default"].settings_dict
        settings["NAME"] = url.rpartition("/")[2]
        try:
            yield url
        finally:
            connections.close_all()


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
