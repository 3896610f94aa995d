"""The figures for people: one table on the screen, and the page docs/explanation/performance.md."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.admin_limit import STATEMENT_LIMIT
from bench.results import ADMIN, OURS, SQL, Row
from bench.targets import AT_LEAST, verdicts

PAGE = Path(__file__).parents[1] / "docs" / "explanation" / "performance.md"

_INTRODUCTION = f"""# How fast it is

<!-- Written by `make bench`; the figures are in bench/results.jsonl, the words in bench/report.py. -->

`make bench PEOPLE=1000000` builds a world of a million invented people and measures, in one run and on the same rows:

- **our pages over HTTP**: the server as `make run` starts it (granian, {{processes}}), the embedded PostgreSQL with
  `fsync` on, people who signed in on the sign-in page, requests as the browser sends them: a search is asked letter by
  letter, through htmx, and the answer is 25 rows of finished HTML, compressed;
- **the bare SQL underneath**: the very statements that a list page asks for its people and their rows, with the same
  parameters, from a program that does nothing else. It is the floor: what no web framework could be faster than;
- **Django's own admin**, the peer that a Python team would otherwise use: the same columns and filters, `search_fields`
  over the same fields (name, e-mail, telephone, role, location, organization), restricted to the viewer's tenant,
  served by the same granian on the same database. It gets the same words and sorts, but fewer requests, for it is
  slower. A statement of it is given up after {STATEMENT_LIMIT}, which counts as an answer, so its true figures can be
  worse.

The tenants are of very different sizes: 40 of 100 people are in the largest, 20 in the second, some have 1 to 5 of 100,
and hundreds have 20 to 2,000 people. The largest has up to 10,000 organizations below it. Viewers are Admins of tenants
of six sizes, an Admin of a branch with an eighth of the largest tenant, and Staff below that. People have names in 14
languages and seven scripts, addresses that resemble the names, telephones, roles, places, tags, and an action log of
three months.

There are 0.3 devices for each person, 300,000 beside a million: of twelve templates in each tenant, with owners,
places, metadata and tags, two thirds of them online. They are asked for like people, without an admin to compare with.

p50, p95 and p99 are the times within which so many of 100 answers had arrived, in milliseconds, at the client, which
runs on the same machine and takes its share of it. Memory is the most that the serving processes have held, added up
(for imports: the worker). Each size is a world of its own, kept until it is measured again.

Ten million people are only read, in their own world instead of a copy: `make bench PEOPLE=10000000 ARGS=--reading`.
Four million of them are in one tenant. Their world was built in 46 minutes, beside other work, and took 28 GB.
"""

_WEAKER = """## Where it is weaker, and what the figures do not say

- The line above each table says how busy the machine was with other work just before ("load"; 0 is idle, as many as it
  has cores is fully busy). Above 0.5 the figures are worse than the truth.
- Everything is warm: the world is read once before it is measured, and each connection to the database has met the
  pages, as on a server that has been in use. After a restart the first searches wait for the disk.
- The dearest search is a word that many have and that the order sets apart: a frequent first name sorted by name or
  e-mail, or a kind of device whose name comes late. Those who have it elsewhere come first, so it must be shown that
  all of them were found. Words that hardly anybody or nearly everybody has are quicker, and so are those that are
  spread evenly: of them a sample tells up to where they need to be collected.
- Page times at eight clients are mostly waiting for the processor: a list page costs some milliseconds of Python, and
  the clients and the database share the cores with it. What is left of them is spread thin: the framework around an
  empty answer, a fifth each for the rows, for packing and the page around them, and for speaking with the database.
- The statements that every request asks, and those that follow an index, are planned once for each connection; the bare
  SQL has them so, too. What gathers a word's matches is planned each time, since the best plan depends on the word.
- Counts end at 1,000 ("1,000+"); the admin counts to the end, which is part of why it is slow.
- A search shows its people first. How many match is part of the same answer where finding the people told it; of a
  common word it is asked by itself when typing pauses. That request is measured apart ("Number of matches") and not in
  the times of the searches. The admin's times contain its count.
- The admin has no cheaper way to sort by name, role or place than to sort everybody, since our sorts use columns of
  their own. Its list without a search, sorted by e-mail, has an index; there it comes closest to us.
- The people's names are fewer than in life (250 first, about 1,500 last names), so common words are more common here.
- The network, TLS and a reverse proxy are not measured.
"""


def table(rows: Sequence[Row], people: int, *, kept: Sequence[Row] = ()) -> str:
    """One size, for the screen, with the promises below it; what was kept of other sizes shows how it has grown."""
    lines = [f"{people:,} people", "", *_aligned(list(_cells(rows, people)))]
    known = [*(row for row in kept if row.people != people), *rows]
    lines += ["", *(f"{_mark(one.met):<12} {one.promise}: {one.worst} {one.where}" for one in verdicts(known, people))]
    return "\n".join(line.rstrip() for line in lines)


def write(rows: Sequence[Row]) -> None:
    """The page shows everything that is kept: the sizes side by side first, then each."""
    sizes = sorted({row.people for row in rows})
    cores = next((row.machine.split(",")[0] for row in reversed(rows)), "")
    parts = [_INTRODUCTION.replace("{processes}", f"on {cores}"), "## What was promised\n"]
    judged = AT_LEAST if AT_LEAST in sizes else sizes[-1]
    if judged < AT_LEAST:
        parts.append(f"The promises are for {AT_LEAST:,} people; the largest world measured so far has {judged:,}.\n")
    parts += [_promises(rows, judged), "## Sizes side by side\n", _side_by_side(rows, sizes)]
    for people in reversed(sizes):
        last = max((row for row in rows if row.people == people), key=lambda row: row.day)
        parts.append(f"## {people:,} people\n\nMeasured on {last.day}: {last.machine}.\n")
        parts.append(_markdown(list(_cells(rows, people))))
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text("\n".join([*parts, _WEAKER]), encoding="utf-8")


def _promises(rows: Sequence[Row], people: int) -> str:
    cells = [("", "Promise", "Worst figure", "Where")]
    cells += [(_mark(one.met), one.promise, one.worst, one.where) for one in verdicts(rows, people)]
    return _markdown(cells)


def _mark(met: bool | None) -> str:
    return "not measured" if met is None else "met" if met else "**missed**"


def _cells(rows: Sequence[Row], people: int) -> Iterator[tuple[str, ...]]:
    """The table of one size: ours with its bare SQL and the admin in the same line."""
    here = {row.key: row for row in rows if row.people == people}
    yield (
        *("Scenario", "Clients", "p50", "p95", "p99", "Requests/s", "Memory MB"),
        *("SQL p50", "SQL p95", "Admin p50", "Admin p95", "Times admin"),
    )
    for row in here.values():
        if row.peer != OURS:
            continue
        sql = here.get((people, row.scenario, row.clients, SQL))
        admin = here.get((people, row.scenario, row.clients, ADMIN))
        yield (
            *(row.scenario, str(row.clients), _ms(row.p50_ms), _ms(row.p95_ms), _ms(row.p99_ms), f"{row.rps:,.0f}"),
            *(f"{row.peak_mb:,.0f}", _ms(sql.p50_ms) if sql else "", _ms(sql.p95_ms) if sql else ""),
            *(_ms(admin.p50_ms) if admin else "", _ms(admin.p95_ms) if admin else ""),
            f"{admin.p95_ms / row.p95_ms:,.0f}" if admin else "",
        )


def _side_by_side(rows: Sequence[Row], sizes: Sequence[int]) -> str:
    """p95 of one client, each size a column."""
    ours = {row.key: row for row in rows if row.peer == OURS and row.clients == 1}
    scenarios = list(dict.fromkeys(row.scenario for row in ours.values() if not row.scenario.startswith("Import")))
    cells = [("p95 in ms, one client", *(f"{people:,} people" for people in sizes))]
    for scenario in scenarios:
        found = [ours.get((people, scenario, 1, OURS)) for people in sizes]
        cells.append((scenario, *(_ms(row.p95_ms) if row else "" for row in found)))
    return _markdown(cells)


def _ms(milliseconds: float) -> str:
    return f"{milliseconds:,.1f}" if milliseconds < 1_000 else f"{milliseconds:,.0f}"


def _markdown(cells: Sequence[tuple[str, ...]]) -> str:
    head, *lines = cells
    rule = ["---" if index == 0 or not _numeric(lines, index) else "---:" for index in range(len(head))]
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, rule, *lines)) + "\n"


def _numeric(lines: Sequence[tuple[str, ...]], index: int) -> bool:
    return all(line[index].replace(",", "").replace(".", "").isdigit() or not line[index] for line in lines)


def _aligned(cells: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(line[index]) for line in cells) for index in range(len(cells[0]))]
    return [
        "  ".join(
            text.ljust(width) if index == 0 else text.rjust(width)
            for index, (text, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in cells
    ]
