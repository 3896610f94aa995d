"""How much memory and how much of the processors each part takes, with its children."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.soak.tally import Tally
from fleetfolk.config.runtime.children import Child

EVERY = 10.0
OURSELVES, MACHINE = "the people", "the machine"
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Sample:
    """Of one part: seconds since the beginning, megabytes that are its share (PSS) and that it sees (RSS), and the
    seconds of processors that its processes have had."""

    at: float
    part: str
    pss: float
    rss: float
    processors: float


@dataclass(kw_only=True)
class Watch:
    """Looks at every part again and again."""

    children: Mapping[str, Child]
    tally: Tally
    samples: list[Sample] = field(default_factory=list)

    def live(self, ending: threading.Event) -> None:
        """It looks until the end."""
        while not ending.wait(EVERY - self.tally.now() % EVERY):
            self.look()

    def look(self) -> None:
        """Every part once."""
        at = self.tally.now()
        heads = {child.process.pid: part for part, child in self.children.items()} | {os.getpid(): OURSELVES}
        held: dict[str, list[float]] = {part: [0.0, 0.0, 0.0] for part in heads.values()}
        parents = dict(_parents())
        for process in parents:
            head = process
            while head and head not in heads:
                head = parents.get(head, 0)
            if head:
                with suppress(OSError, ValueError, IndexError, KeyError):
                    for place, value in enumerate(list(_of(Path(f"/proc/{process}")))):
                        held[heads[head]][place] += value
        self.samples.append(Sample(at, MACHINE, 0.0, 0.0, _of_the_machine()))
        self.samples += [Sample(at, part, *values) for part, values in held.items()]

    def around(self, part: str, at: float, *, within: float = 60.0) -> float:
        """The median of the megabytes (PSS) of the part in so many seconds from then on, or up to the last sample."""
        return median(one.pss for one in self.samples if one.part == part and at <= one.at <= at + within)

    def busy(self, since: float, until: float) -> dict[str, float]:
        """How much of all processors each part took, from 0 to 1."""
        parts = {}
        for part in {one.part for one in self.samples}:
            own = [one for one in self.samples if one.part == part and since <= one.at <= until]
            if len(own) > 1:
                spent = own[-1].processors - own[0].processors
                parts[part] = spent / (own[-1].at - own[0].at) / (os.cpu_count() or 1)
        return parts


def _parents() -> Iterator[tuple[int, int]]:
    """Every process of the machine and its parent. PostgreSQL's are no group."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            yield int(stat.parent.name), int(stat.read_text().rpartition(")")[2].split()[1])


def _of_the_machine() -> float:
    """Seconds of processors that were not idle, of whatever ran."""
    spent = [int(field) for field in Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:9]]
    return (sum(spent) - spent[3] - spent[4]) / _TICKS


def _of(folder: Path) -> Iterator[float]:
    rollup = dict(line.split(":", 1) for line in (folder / "smaps_rollup").read_text().splitlines()[1:] if ":" in line)
    yield int(rollup["Pss"].split()[0]) / 1024
    yield int(rollup["Rss"].split()[0]) / 1024
    stat = (folder / "stat").read_text().rpartition(")")[2].split()
    yield (int(stat[11]) + int(stat[12])) / _TICKS
