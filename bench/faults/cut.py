"""One cut: a work in its middle, a part that is killed and started again, and what is true afterwards."""

from __future__ import annotations

import time

from django.db import connection

from bench.faults.__main__ import Seen
from bench.faults.installation import Installation, until
from bench.faults.traffic import Program
from bench.faults.works import WORKS, wait_for
from bench.faults.world import World
from fleetfolk.gateway.tests.test_nothing_lost import Crowd


def cut(installation: Installation, world: World, name: str, part: str, *, number: int, hastened: bool) -> Seen:
    """All was done once, or told, although the part was killed in the middle of the work of this name."""
    installation.tend()
    installation.ready()
    installation.ended_by_themselves.clear()
    connection.close()
    work = WORKS[name](installation=installation, world=world, number=number)
    crowd = Crowd(installation, world.cast, count=2)
    program = Program(installation=installation, key=world.key, organization=world.cast.lumen.pk, name=f"T{number}")
    with crowd, program:
        crowd.wait_for_more(10)
        work.begin()
        connection.close()
        until(work.middle, f"{name} is in its middle")
        installation.kill(part)
        killed = time.monotonic()
        installation.restart(part)
        installation.ready()
        back = time.monotonic() - killed
        wait_for(work, hastened=hastened)
        over = time.monotonic() - killed
        crowd.wait_for_more(15)
    work.check()
    program.check()
    crowd.check()
    connection.close()
    values = sum(len(each.acknowledged) for each in crowd.counting)
    doubt = f", {len(program.in_doubt)} left in doubt" if program.in_doubt else ""
    beside = f"{len(program.acknowledged)} changes and {values} values acknowledged{doubt}"
    ended = sorted(set(installation.ended_by_themselves))
    also = f"; {', '.join(ended)} ended by itself and was started again" if ended else ""
    return Seen(work=name, part=part, back=back, over=over, also=also, said=work.said, beside=beside)
