"""Kills a part of the installation in the middle of its work: python -m bench.faults [--only import] [--part worker]

An installation of its own, on a durable embedded PostgreSQL, each part a process of its own. In the middle of a bulk
action, an import, both exports, an erasure and a message, each of web, worker, gateway and database is killed (SIGKILL)
and started again, while a program changes things and devices report. Then: all of the work is done, once, with one
entry each; whatever was acknowledged is there, once; whatever was not says so. Fails where that is not so.
"""

import argparse
import datetime as dt
import itertools
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bench.faults.installation import PARTS, Installation, NotSo

PEOPLE = 4_500
PAGE = Path(__file__).resolve().parents[2] / "docs/explanation/faults.md"
BEGIN, END = "<!-- begin: written by `make faults` -->", "<!-- end -->"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What one kill showed."""

    work: str
    part: str
    back: float
    over: float
    also: str
    said: str
    beside: str
    day: str = field(default_factory=lambda: f"{dt.datetime.now(dt.UTC):%Y-%m-%d}")
    load: float = field(default_factory=lambda: round(os.getloadavg()[0], 1))


def main() -> int:
    """Runs what is asked for; 1 where something did not hold. The page is written of what was kept."""
    parser = argparse.ArgumentParser(prog="faults", description=__doc__)
    parser.add_argument("--only", default="", help="a work")
    parser.add_argument("--part", default="", help="a part")
    parser.add_argument("--hasten", action="store_true", help="do not wait out how long a lost worker is waited for")
    parser.add_argument("--keep", type=Path, help="add what was seen to this file, a line each")
    parser.add_argument("--page", type=Path, help="run nothing: write the page of the docs of this file")
    options = parser.parse_args()
    if options.page:
        lines = options.page.read_text(encoding="utf-8").splitlines()
        write([Seen(**json.loads(line)) for line in lines], hastened=options.hasten)
        return 0
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        seen, failed = faults(folder, options)
    if not failed and not options.only and not options.part:
        write(seen, hastened=options.hasten)
    return 1 if failed else 0


def faults(folder: Path, options: argparse.Namespace) -> tuple[list[Seen], int]:
    """Every work, cut by the loss of every part: what was seen, and how often something did not hold."""
    installation = Installation(folder=folder)
    seen, failed, number = [], 0, 0
    try:
        installation.begin()
        import django  # noqa: PLC0415 - the settings are known only now

        django.setup()
        from bench.faults.cut import cut  # noqa: PLC0415
        from bench.faults.works import WORKS  # noqa: PLC0415
        from bench.faults.world import World  # noqa: PLC0415

        world = World.build(PEOPLE)
        installation.start()
        for work, victim in itertools.product(WORKS, PARTS):
            number += 1
            if options.only not in work or options.part not in victim:
                continue
            try:
                one = cut(installation, world, work, victim, number=number, hastened=options.hasten)
            except (NotSo, AssertionError) as error:
                failed += 1
                print(f"{work:<20} {victim:<9} NOT SO: {error}", flush=True)
                show(installation)
                continue
            seen.append(one)
            print(f"{work:<20} {victim:<9} {one.said}; {one.beside}{one.also}", flush=True)
            if options.keep:
                with options.keep.open("a", encoding="utf-8") as kept:
                    kept.write(json.dumps(asdict(one)) + "\n")
    except BaseException:
        show(installation)
        raise
    finally:
        installation.close()
    return seen, failed


def show(installation: Installation) -> None:
    """What the parts said last."""
    for child in installation.children.values():
        print(f"--- {child.name} {child.ending()}\n{child.output()[-4000:]}", file=sys.stderr, flush=True)


def write(seen: Sequence[Seen], *, hastened: bool) -> None:
    """The page has the figures of this run."""
    lines = [
        f"Seen with Python {platform.python_version()} on {os.cpu_count()} cores, "
        + ("the times for which a lost worker is waited for shortened." if hastened else "nothing shortened.")
        + " Load is how busy the machine was.",
        "",
        "| in the middle of | killed | answers again after | work over after | the work | beside it | seen on, load |",
        "| --- | --- | ---: | ---: | --- | --- | --- |",
    ]
    lines += [
        f"| {one.work} | {one.part} | {one.back:.1f} s | {one.over:.0f} s | {one.said} "
        f"| {one.beside}{one.also} | {one.day}, {one.load} |"
        for one in seen
    ]
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n\n" + "\n".join(lines) + f"\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    began = time.monotonic()
    code = main()
    print(f"{time.monotonic() - began:.0f} s")
    sys.exit(code)
