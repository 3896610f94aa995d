"""What was measured: rows kept in results.jsonl, one for each scenario, size, number of clients and peer."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

FILE = Path(__file__).with_name("results.jsonl")
OURS, SQL, ADMIN = "fleetfolk", "bare SQL", "Django admin"


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One measurement. `peer` is what was measured; `ratio` is its p95 divided by ours of the same scenario and size.

    `peak_mb` is the most memory that the serving processes have held, 0 where it is not known.
    """

    scenario: str
    people: int
    clients: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    rps: float
    peak_mb: float
    peer: str
    ratio: float | None
    requests: int
    day: str
    machine: str

    @property
    def key(self) -> tuple[int, str, int, str]:
        """What a later measurement takes the place of."""
        return self.people, self.scenario, self.clients, self.peer


def read() -> list[Row]:
    """The rows kept so far."""
    if not FILE.exists():
        return []
    known = {field.name for field in fields(Row)}
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return [Row(**{name: value for name, value in json.loads(line).items() if name in known}) for line in lines]


def keep(rows: Iterable[Row], *, people: int) -> list[Row]:
    """The rows take the place of all earlier ones of that size; returned is everything that is kept now."""
    kept = sorted([*(row for row in read() if row.people != people), *rows], key=lambda row: row.people)
    FILE.write_text("".join(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in kept), encoding="utf-8")
    return kept
