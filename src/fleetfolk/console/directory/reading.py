"""Two ways to read rows: walking along the order of the list, and gathering all that match to sort them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fleetfolk.console.directory import limits
from fleetfolk.console.directory.asked import Cursor, Key, Wanted
from fleetfolk.console.directory.matching import Match, each_way
from fleetfolk.console.sql import TRUE, Sql, all_of
from fleetfolk.kernel.statements import planned_once


@dataclass(frozen=True, slots=True)
class Order:
    """A sort in its direction, and what lies beyond the cursor: said of the table, and said of a subquery's columns.

    `until` is the other side, said of the table, with the cursor's own row.

    Said of the table, both make PostgreSQL use the sort's index: right for a walk, a disaster for gathering.
    """

    keys: str
    inner: str
    ahead: Sql
    until: Sql
    outer: str
    beyond: Sql


def order_of(listing: Wanted) -> Order:
    columns = [*listing.table.sorts[listing.sort], ("id", "bigint")]
    down = " DESC" if listing.falling else ""
    ahead = until = outside = TRUE
    if listing.after is not None:
        names = ", ".join(name for name, _ in columns)
        aliases = ", ".join(f"k{n}" for n in range(len(columns)))
        place = f"({', '.join(f'%s::{kind}' for _, kind in columns)})"
        further, nearer = ("<", ">=") if listing.falling else (">", "<=")
        ahead = Sql(f"({names}) {further} {place}", listing.after)
        until = Sql(f"({names}) {nearer} {place}", listing.after)
        outside = Sql(f"({aliases}) {further} {place}", listing.after)
    return Order(
        keys=", ".join(f"{name} AS k{n}" for n, (name, _) in enumerate(columns)),
        inner=", ".join(f"{name}{down}" for name, _ in columns),
        ahead=ahead,
        until=until,
        outer=", ".join(f"k{n}{down}" for n in range(len(columns))),
        beyond=outside,
    )


def walk(listing: Wanted, match: Match, *, limit: int, wanted: int) -> tuple[list[Key], Key | None]:
    """Up to `wanted` matches among the next `limit` rows, and where to resume: None when nothing is left to do."""
    order = order_of(listing)
    # The cursor comes before what is known: of two bounds on the same side an index is entered at the first.
    ahead = all_of([Sql("tenant_id = %s", (listing.tenant_id,)), order.ahead, listing.known.get(listing.sort, TRUE)])
    # The last row comes back even if it does not match: it is where a longer walk goes on.
    with planned_once() as cursor:
        cursor.execute(
            f"SELECT * FROM (SELECT {order.keys}, {match.row.text} AS hit,"
            f" row_number() OVER (ORDER BY {order.inner}) AS step FROM {listing.source}"
            f" WHERE {ahead.text} ORDER BY {order.inner} LIMIT {limit:d}) walked"
            f" WHERE hit OR step = {limit:d} ORDER BY {order.outer} LIMIT {wanted:d}",
            (*match.row.params, *ahead.params),
        )
        rows = cursor.fetchall()
    keys = [row[:-2] for row in rows if row[-2]]
    cut = len(keys) < wanted and bool(rows) and rows[-1][-1] == limit
    return keys, rows[-1][:-2] if cut else None


def gather(
    cursor: Cursor, listing: Wanted, ways: Sequence[Sql], *, wanted: int, bound: Key | None
) -> tuple[list[Key], int | None]:
    """The next `wanted` matches, all matches (up to the bound) having been collected and sorted.

    Without a bound all of them were at hand, so their number comes along; None where no row is left to carry it.
    """
    order = order_of(listing)
    source = listing.table.beside.get(listing.sort, listing.source)
    inside: list[Sql] = []
    if bound is not None:
        # Up to the very row: thousands may share its role or place.
        inside += [
            Sql("tenant_id = %s", (listing.tenant_id,)),
            order.ahead,
            order_of(replace(listing, after=bound)).until,
        ]
    every = each_way(order.keys, source, [all_of([way, *inside]) for way in ways])
    cursor.execute(
        f"SELECT * FROM (SELECT *, count(*) OVER () FROM ({every.text}) every OFFSET 0) found"
        f" WHERE {order.beyond.text} ORDER BY {order.outer} LIMIT {wanted:d}",
        (*every.params, *order.beyond.params),
    )
    rows = cursor.fetchall()
    return [row[:-1] for row in rows], rows[0][-1] if rows and bound is None else None


def glance(listing: Wanted, match: Match, *, wanted: int) -> Key | None:
    """The place up to which a full page certainly lies, if the word typed is found where it would sort itself."""
    if listing.sort not in listing.table.wordy or not match.word or listing.after is None:
        return None
    here = match.word + ("\U0010ffff" if listing.falling else "")
    if (here >= listing.after[0]) == listing.falling:
        return None
    keys, _ = walk(replace(listing, after=(here, 0)), match, limit=limits.WALK, wanted=wanted)
    return keys[-1] if len(keys) == wanted else None


def nearer(listing: Wanted, one: Key | None, other: Key | None) -> Key | None:
    """Which of two places in a list comes first, of those that there are."""
    if one is None or other is None:
        return one or other
    return max(one, other) if listing.falling else min(one, other)


def is_covered(listing: Wanted) -> bool:
    """Whether the sort's index itself holds all that the list looks at, so that a walk visits no rows."""
    return listing.sort == listing.table.covered and listing.inside and not listing.homes
