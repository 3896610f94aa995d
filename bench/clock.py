"""Sets the clock of everything but the database forward by an hour and back again: python -m bench.clock

Pages, gateway and worker run under libfaketime (Debian: `apt-get install libfaketime`), which reads from a file by how
much their clock is wrong; the machine's own clock is left alone, and the database keeps it. While the clock jumps, a
program changes things, devices report, and somebody who is signed in looks at pages. Then: whoever was signed in is
so, what was acknowledged is there once, and the worker's periodic work was done about once a minute, neither sixty
times nor not at all.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from bench.browser import Browser
from bench.faults.installation import Installation, sure

if TYPE_CHECKING:
    from bench.faults.world import World

LIBRARIES = [
    Path("/usr/lib") / machine / "faketime/libfaketimeMT.so.1" for machine in ("x86_64-linux-gnu", "aarch64-linux-gnu")
]
JUMPS = (("as it is", 0), ("an hour ahead", 3_600), ("back again", 0), ("an hour behind", -3_600), ("right again", 0))
PERIODIC = "SELECT task_name, count(*) FROM procrastinate_jobs WHERE queue_name = 'upkeep' GROUP BY 1"
MINUTELY = "jobs.resume_forgotten"


def main() -> int:
    """Runs it; 1 where something did not hold."""
    parser = argparse.ArgumentParser(prog="clock", description=__doc__)
    parser.add_argument("--seconds", type=int, default=130, help="how long each clock stays")
    options = parser.parse_args()
    library = next((path for path in LIBRARIES if path.exists()), None)
    if library is None:
        print("libfaketime is not there. Install it (Debian: apt-get install libfaketime).", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="clock-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        installation = Installation(folder=folder)
        try:
            installation.begin()
            import django  # noqa: PLC0415 - the settings are known only now

            django.setup()
            from bench.faults.world import World  # noqa: PLC0415

            world = World.build(200, entries=10)
            wrong = folder / "wrong"
            wrong.write_text("+0", encoding="ascii")
            os.environ |= {
                "LD_PRELOAD": str(library),
                "FAKETIME_TIMESTAMP_FILE": str(wrong),
                "FAKETIME_NO_CACHE": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            }
            rehearse(installation, world, wrong, seconds=options.seconds)
        except BaseException:
            for child in installation.children.values():
                print(f"--- {child.name} {child.ending()}\n{child.output()[-4000:]}", file=sys.stderr, flush=True)
            raise
        finally:
            installation.close()
    return 0


def rehearse(installation: Installation, world: World, wrong: Path, *, seconds: int) -> None:
    """Every jump, each for so many seconds."""
    from django.db import connection  # noqa: PLC0415 - needs the settings

    from bench.failover import Looker  # noqa: PLC0415
    from bench.faults.traffic import Program  # noqa: PLC0415
    from fleetfolk.gateway.tests.test_nothing_lost import Crowd  # noqa: PLC0415
    from fleetfolk.testing.cast import PASSWORD  # noqa: PLC0415

    installation.start()
    for name in ("LD_PRELOAD", "FAKETIME_TIMESTAMP_FILE"):
        os.environ.pop(name)  # What is started from here on for other things has the right clock.
    crowd = Crowd(installation, world.cast, count=2)
    connection.close()
    program = Program(installation=installation, key=world.key, organization=world.cast.lumen.pk, name="Clock")
    browser = Browser(port=installation.ports["web"])
    browser.sign_in(world.cast.ada.email, PASSWORD)
    looker = Looker(browser=browser)
    missed = []
    with crowd, program, looker:
        for name, by in JUMPS:
            wrong.write_text(f"{by:+d}", encoding="ascii")
            looker.answers.clear()
            began, changes = Counter(dict(installation.rows(PERIODIC))), len(program.acknowledged)
            time.sleep(seconds)
            ran = Counter(dict(installation.rows(PERIODIC))) - began
            more = len(program.acknowledged) - changes
            seen = dict(looker.answers)
            print(f"{name}: {dict(ran)}; {seen}; {more} changes", flush=True)
            if not 1 <= ran[MINUTELY] <= seconds // 60 + 3:
                missed.append(f"{name}: the minute's work was done {ran[MINUTELY]} times in {seconds} s")
            if set(seen) != {"200"}:
                missed.append(f"{name}: whoever is signed in sees pages: {seen}")
            if not more:
                missed.append(f"{name}: the program goes on")
    program.check()
    crowd.check()
    connection.close()
    sure(not missed, "; ".join(missed))
    for part, child in installation.children.items():
        sure(child.alive, f"{part} runs: it {child.ending()}")
    values = sum(len(each.acknowledged) for each in crowd.counting)
    print(f"{len(program.acknowledged)} changes and {values} values acknowledged, each there once", flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main())
