"""What was promised, and whether the figures keep it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.bulk import FILE, TAGGING
from bench.devices import LISTS, MAP, ONE
from bench.inboxes import MESSAGE
from bench.places import GUEST
from bench.profiles import ASSISTED, LOOKUP, MATRIX, PERIOD, PORTAL, PROFILE, TABS, TREE
from bench.rest import READS
from bench.results import ADMIN, OURS, SQL, Row
from bench.rights import RIGHT
from bench.segments import COUNTING

AT_LEAST = 1_000_000
ACTIONS = ("Disable", "Enable", "Edit", "Invite")
APART = ("Action log", *ACTIONS, PROFILE, TABS, LOOKUP, MATRIX, TREE, RIGHT, PORTAL, ASSISTED, MAP, ONE, GUEST, READS)
BEGINNINGS = ("Import of", "Export of", COUNTING, TAGGING, FILE, MESSAGE, PERIOD, LISTS)
"""What begins so is judged by itself, as is what is `APART`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """A promise, the worst figure that was measured for it, and where. `met` is None where nothing was measured."""

    promise: str
    worst: str
    where: str
    met: bool | None


def verdicts(rows: Sequence[Row], people: int) -> list[Verdict]:
    """Every promise, judged by the rows of a world of so many people."""
    here = {row.key: row for row in rows if row.people == people}
    smaller = {row.key: row for row in rows if row.people == 100_000}
    pages = [row for row in here.values() if row.peer == OURS and _is_page(row)]

    def of(row: Row, peer: str) -> Row | None:
        return here.get((row.people, row.scenario, row.clients, peer))

    def above_sql(row: Row) -> float | None:
        sql = of(row, SQL)
        return row.p95_ms - sql.p95_ms if sql else None

    def times_sql(row: Row) -> float | None:
        sql = of(row, SQL)
        return row.p95_ms / sql.p95_ms if sql else None

    def times_admin(row: Row) -> float | None:
        admin = of(row, ADMIN)
        return admin.p95_ms / row.p95_ms if admin else None

    def growth(row: Row) -> float | None:
        before = smaller.get((100_000, row.scenario, row.clients, OURS))
        return row.p95_ms / before.p95_ms if before and people > 100_000 else None

    def named(*beginnings: str) -> list[Row]:
        found = (row for row in here.values() if row.peer == OURS and row.clients == 1)
        return [row for row in found if row.scenario.startswith(beginnings)]

    def added(row: Row) -> float | None:
        alone = here.get((row.people, PORTAL, row.clients, OURS))
        return row.p50_ms - alone.p50_ms if alone else None

    one = [row for row in pages if row.clients == 1]
    eight = [row for row in pages if row.clients == 8]
    actions = [row for row in here.values() if row.peer == OURS and row.scenario in ACTIONS and row.clients == 1]
    written = [row for row in named(MESSAGE) if row.scenario == f"{MESSAGE} 100,000 inboxes"]
    tagged = [row for row in named(TAGGING) if row.scenario == f"{TAGGING} 100,000 people"]
    files = named(FILE)
    imports, exports = named("Import of"), named("Export of")
    imported = [row for row in imports if row.scenario == "Import of 100,000 rows"]
    exported = [row for row in exports if row.scenario == "Export of 100,000 entries"]
    reads = [row for row in here.values() if row.scenario == READS and row.clients == 8]
    checks = [row for row in here.values() if row.peer == SQL and row.scenario == RIGHT]
    return [
        _most("Lists and search, one client: p95 under 30 ms", one, lambda row: row.p95_ms, 30, "ms"),
        _most("Lists and search, eight at once: p95 under 90 ms", eight, lambda row: row.p95_ms, 90, "ms"),
        _most("At most 15 ms above the bare SQL (p95, one client)", one, above_sql, 15, "ms"),
        _most("At most 1.5 times that of 100,000 people (p95, one client)", one, growth, 1.5, "times"),
        _least("At least 50 times faster than Django's admin (p95, one client)", one, times_admin, 50, "times"),
        _most("Disable, enable, edit, invite: p95 under 60 ms", actions, lambda row: row.p95_ms, 60, "ms"),
        _most("Importing 100,000 rows: under 60 s", imported, lambda row: row.p95_ms / 1000, 60, "s"),
        _flat("Memory of the import does not grow with the file (ten times the rows: at most 10 MB more)", imports),
        _most("Tagging 100,000 people, with their entries: under 6 s", tagged, lambda row: row.p95_ms / 1000, 6, "s"),
        _most("Tagging 100,000 people: at most 4 times the bare SQL", tagged, times_sql, 4, "times"),
        _most("A message to 100,000 inboxes: under 20 s", written, lambda row: row.p95_ms / 1000, 20, "s"),
        _least(
            "A list as a CSV file: at least 100,000 rows a second", files[-1:], lambda row: row.rps, 100_000, "rows"
        ),
        _flat("Memory of a CSV file does not grow with the list (ten times the rows: at most 10 MB more)", files),
        _most(
            "Counting a segment of five conditions: under 1 s", named(COUNTING), lambda row: row.p95_ms / 1000, 1, "s"
        ),
        _most("Profile of the busiest person: p95 under 40 ms", named(PROFILE, TABS), lambda row: row.p95_ms, 40, "ms"),
        _most("A period of one person's log: p95 under 30 ms", named(PERIOD), lambda row: row.p95_ms, 30, "ms"),
        _most("Customer lookup: p95 under 40 ms", named(LOOKUP), lambda row: row.p95_ms, 40, "ms"),
        _most("Devices, list and search: p95 under 40 ms, one client", named(LISTS), lambda row: row.p95_ms, 40, "ms"),
        _most("A check of one permission: p95 under 1 ms in SQL", checks, lambda row: row.p95_ms, 1, "ms"),
        _most("Roles, the matrix: p95 under 60 ms", named(MATRIX), lambda row: row.p95_ms, 60, "ms"),
        _most("Organizations, the tree and the list: p95 under 60 ms", named(TREE), lambda row: row.p95_ms, 60, "ms"),
        _most("Somebody in 1,000 organizations: p95 under 60 ms", named(GUEST), lambda row: row.p95_ms, 60, "ms"),
        _least("Programs read 50 people at a time: 400 times a second", reads, lambda row: row.rps, 400, "a second"),
        _most("Assistance adds under 1 ms to a request (p50)", named(ASSISTED), added, 1, "ms"),
        _most("Exporting 100,000 entries: under 20 s", exported, lambda row: row.p95_ms / 1000, 20, "s"),
        _flat("Memory of the export does not grow with the log (ten times the entries: at most 10 MB more)", exports),
    ]


def _is_page(row: Row) -> bool:
    return row.scenario not in APART and not row.scenario.startswith(BEGINNINGS)


def _most(promise: str, rows: Sequence[Row], figure: Callable[[Row], float | None], limit: float, unit: str) -> Verdict:
    found = [(value, row) for row in rows if (value := figure(row)) is not None]
    if not found:
        return Verdict(promise=promise, worst="", where="", met=None)
    worst, row = max(found, key=lambda pair: pair[0])
    missed = sum(value > limit for value, _row in found)
    where = row.scenario if not missed else f"{row.scenario} ({missed} of {len(found)} miss it)"
    return Verdict(promise=promise, worst=f"{worst:,.1f} {unit}", where=where, met=worst <= limit)


def _least(
    promise: str, rows: Sequence[Row], figure: Callable[[Row], float | None], limit: float, unit: str
) -> Verdict:
    found = [(value, row) for row in rows if (value := figure(row)) is not None]
    if not found:
        return Verdict(promise=promise, worst="", where="", met=None)
    worst, row = min(found, key=lambda pair: pair[0])
    missed = sum(value < limit for value, _row in found)
    where = row.scenario if not missed else f"{row.scenario} ({missed} of {len(found)} miss it)"
    return Verdict(promise=promise, worst=f"{worst:,.1f} {unit}", where=where, met=worst >= limit)


def _flat(promise: str, runs: Sequence[Row]) -> Verdict:
    """The worker's most memory after ten times as much."""
    if len(runs) < 2 or not all(row.peak_mb for row in runs):
        return Verdict(promise=promise, worst="", where="", met=None)
    small, large = sorted(runs, key=lambda row: row.p95_ms)
    more = large.peak_mb - small.peak_mb
    where = f"{small.peak_mb:.0f} MB, then {large.peak_mb:.0f} MB"
    return Verdict(promise=promise, worst=f"{more:,.1f} MB", where=where, met=more <= 10)
