"""What was promised, and whether it was kept."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bench.faults.installation import Installation
from bench.soak.beside import OpenPage, Reporter
from bench.soak.memory import MACHINE, OURSELVES, Watch
from bench.soak.tally import Answer, Tally

SLOWER = 1.5
NOTICED = 0.025
"""Seconds. That p95 is longer by less than this is not called slower."""
FEWEST = 40
"""Answers of a kind in each of the two times, for its p95 to be judged."""
GROWTH = 0.05
NOT_JUDGED = {"database", OURSELVES}
"""Their memory is shown. The database fills what it was given; the people remember every answer."""


@dataclass(kw_only=True)
class Run:
    """When what was measured, in seconds since the beginning."""

    minutes: float

    @property
    def seconds(self) -> float:
        """Altogether."""
        return self.minutes * 60

    @property
    def window(self) -> float:
        """How long the first and the last time is of which the answers are compared: five minutes of half an hour."""
        return min(300.0, (self.seconds - self.warming) / 2)

    @property
    def warming(self) -> float:
        """A minute."""
        return min(60.0, self.seconds / 4)

    @property
    def flat_from(self) -> float:
        """When memory has to have stopped growing: after ten minutes of half an hour."""
        return min(600.0, self.seconds / 3)


@dataclass(kw_only=True)
class Verdict:
    """Lines for the page, and what was missed."""

    lines: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def asked(self, holds: object, what: str) -> None:
        """Remembers what does not hold."""
        if not holds:
            self.missed.append(what)


def at(percent: float, seconds: Sequence[float]) -> float:
    """The percentile, nearest rank."""
    ordered = sorted(seconds)
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]


def speed(run: Run, answers: Iterable[Answer], verdict: Verdict) -> None:
    """The first answers and the last ones, of every kind."""
    first: dict[str, list[float]] = defaultdict(list)
    last: dict[str, list[float]] = defaultdict(list)
    for one in answers:
        for group in (one.kind, "all"):
            if run.warming <= one.at < run.warming + run.window:
                first[group].append(one.seconds)
            if run.seconds - run.window <= one.at:
                last[group].append(one.seconds)
    minutes = f"{run.window / 60:.3g} min"
    verdict.lines += [
        f"| ms | first {minutes}: number, p50, p95, p99 | last {minutes}: number, p50, p95, p99 | p95, last to first |",
        "| --- | --- | --- | ---: |",
    ]
    for kind in sorted(first, key=lambda name: (name != "all", name)):
        early, late = first[kind], last[kind]
        if not late:
            continue
        ratio = at(95, late) / at(95, early)
        judged = min(len(early), len(late)) >= FEWEST
        slower = ratio > SLOWER and at(95, late) - at(95, early) > NOTICED
        verdict.asked(not (judged and slower), f"{kind}: p95 became {ratio:.2f} times as long")
        note = "" if judged else " (few)"
        verdict.lines.append(f"| {kind} | {_figures(early)} | {_figures(late)} | {ratio:.2f}{note} |")


def _figures(seconds: Sequence[float]) -> str:
    return f"{len(seconds):,}: " + ", ".join(f"{at(percent, seconds) * 1000:.0f}" for percent in (50, 95, 99))


def memory(run: Run, watch: Watch, verdict: Verdict) -> None:
    """The memory of each part, and how much it still grew."""
    since, end = run.flat_from, run.seconds
    middle = min(60.0, run.window / 2)
    early, late = (f"at minute {moment / 60:.3g}" for moment in (min(300.0, run.seconds / 6), since))
    verdict.lines += [
        "",
        f"| memory (PSS), MB | {early} | {late} | at the end | grew since | an hour | processors |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    busy = watch.busy(run.warming, end)
    for part in (*watch.children, OURSELVES):
        first = watch.around(part, min(300.0, run.seconds / 6), within=middle)
        begun = watch.around(part, since, within=middle)
        ended = watch.around(part, end - middle, within=middle)
        grown = ended / begun - 1
        hourly = (ended - begun) / (end - middle - since) * 3600
        verdict.asked(part in NOT_JUDGED or grown < GROWTH, f"{part}: memory grew by {grown:.1%}")
        verdict.lines.append(
            f"| {part} | {first:.0f} | {begun:.0f} | {ended:.0f} | {grown:+.1%} | {hourly:+.0f} MB"
            f" | {busy.get(part, 0):.0%} |"
        )
    machine = busy.pop(MACHINE)
    ours = sum(busy.values())
    verdict.lines += [
        f"| together | | | | | | {ours:.0%} |",
        "",
        f"Besides, other programs took {max(0.0, machine - ours):.0%} of the processors.",
    ]


def truth(
    installation: Installation, tally: Tally, reporters: Sequence[Reporter], verdict: Verdict, *, since: dt.datetime
) -> None:
    """What was acknowledged is there, once, with one entry each."""
    _entries(installation, tally, verdict, since=since)
    _people(installation, tally, verdict)
    _jobs(installation, tally, verdict)
    for device in reporters:
        rows = installation.rows("SELECT number FROM devices_point WHERE device_id = %s", device.device)
        stored = [int(row[0] or 0) for row in rows]
        verdict.asked(set(device.saved) <= set(stored), f"device {device.device}: values are lost")
        verdict.asked(len(stored) == len(set(stored)), f"device {device.device}: values are there twice")
    saved = sum(len(device.saved) for device in reporters)
    acts = sum(tally.did.values()) + len(tally.places)
    verdict.lines += ["", f"Acknowledged, and there once: {acts:,} changes with an entry each, {saved:,} values."]


def _entries(installation: Installation, tally: Tally, verdict: Verdict, *, since: dt.datetime) -> None:
    codes = sorted({code for code, _target in tally.did})
    keys = sorted({target for _code, target in tally.did})
    rows = installation.rows(
        "SELECT code, target_id, count(*) FROM actionlog_entry WHERE code = ANY(%s) AND target_id = ANY(%s)"
        " AND result = 'done' AND at >= %s GROUP BY 1, 2",
        *(codes, keys, since),
    )
    there = {(code, target): count for code, target, count in rows}
    for what, count in tally.did.items():
        if what[0] == "user.invite":
            continue  # Their target is the person, who has no key before; `_people` looks.
        found = there.get(what, 0)
        verdict.asked(found == count, f"{what}: {count} acknowledged, {found} entries")


def _people(installation: Installation, tally: Tally, verdict: Verdict) -> None:
    invited = installation.rows(
        "SELECT u.email, count(DISTINCT u.id), count(e.id) FROM users_user u LEFT JOIN actionlog_entry e"
        " ON e.code = 'user.invite' AND e.result = 'done' AND e.target_id = u.id"
        " WHERE u.email LIKE 'soak.%%@soak.example' GROUP BY 1",
    )
    verdict.asked({row[0] for row in invited} == tally.invited, "who was invited is there, and nobody else")
    verdict.asked(all(row[1:] == (1, 1) for row in invited), "who was invited is there once, with one entry")
    gone = installation.rows(
        "SELECT id, deletion_requested_at IS NOT NULL FROM users_user WHERE id = ANY(%s)", list(tally.deleted)
    )
    verdict.asked(dict(gone) == tally.deleted, "who was deleted is so, and who was restored is not")
    off = installation.rows(
        "SELECT id, disabled_at IS NOT NULL FROM users_user WHERE id = ANY(%s) AND deletion_requested_at IS NULL",
        list(tally.disabled),
    )
    verdict.asked(all(tally.disabled[key] == held for key, held in off), "who was disabled is so, and nobody else")
    places = installation.rows("SELECT name, count(*) FROM organizations_location WHERE name LIKE 'Soak %%' GROUP BY 1")
    verdict.asked(dict(places) == dict.fromkeys(tally.places, 1), "each location is there once")
    letters = {to for _name, to in installation.letters.taken}
    verdict.asked(tally.invited <= letters, f"{len(tally.invited - letters)} invitations came by no mail")


def _jobs(installation: Installation, tally: Tally, verdict: Verdict) -> None:
    states = installation.rows("SELECT state, count(*) FROM jobs_job WHERE id = ANY(%s) GROUP BY 1", tally.jobs)
    verdict.asked(dict(states) in ({}, {"done": len(tally.jobs)}), f"acts on many are over: {states}")


def listened(pages: Sequence[OpenPage], verdict: Verdict) -> None:
    """Every open page heard something."""
    verdict.asked(all(page.events > 1 for page in pages), "every open page is told what changes")
    verdict.lines += ["", f"{len(pages)} open pages were told {sum(page.events for page in pages):,} times."]
