"""How many match, judged by a few rows in an order that names and places have nothing to do with."""

from dataclasses import dataclass

from fleetfolk.console.directory import limits
from fleetfolk.console.directory.asked import Key, Wanted
from fleetfolk.console.directory.matching import Match
from fleetfolk.console.directory.reading import order_of
from fleetfolk.console.directory.words import is_address
from fleetfolk.console.sql import Sql
from fleetfolk.kernel.statements import planned_once


@dataclass(frozen=True, slots=True)
class Sample:
    """The share of matches in the sample, the words that many of these have, and the sampled rows with their hits."""

    share: float
    common: frozenset[Sql] = frozenset()
    ids: tuple[int, ...] = ()
    hits: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """The second of the sampled matches in the list's order, and the share of the sampled rows that lie before it."""

    key: Key
    before: float


def sample_of(listing: Wanted, match: Match) -> Sample:
    """What the first rows in the sample's order tell.

    Of several words at least one stays uncommon: an index is asked for it.
    """
    words = [word for word in match.words if len(match.words) > 1 and not is_address(listing.table, word)]
    flags = "".join(f", {word.text} AS word{n}" for n, word in enumerate(words))
    shares = "".join(f", coalesce(avg(word{n}::int), 0)::float8" for n in range(len(words)))
    table = listing.table
    with planned_once() as cursor:
        cursor.execute(
            f"SELECT coalesce(avg(hit::int), 0)::float8, array_agg(id), array_agg(id) FILTER (WHERE hit){shares}"
            f" FROM (SELECT id, {match.row.text} AS hit{flags}"
            f" FROM {table.name} WHERE tenant_id = %s ORDER BY {table.order(table.sampled)}"
            f" LIMIT {limits.SAMPLE:d}) sample",
            (*match.row.params, *(param for word in words for param in word.params), listing.tenant_id),
        )
        ((share, ids, hits, *each),) = cursor.fetchall()
    ordered = sorted(zip(each, words, strict=True), key=lambda pair: pair[0])
    common = frozenset(word for part, word in ordered[1:] if part > limits.COMMON)
    return Sample(share, common, tuple(ids or ()), tuple(hits or ()))


def edge_of(listing: Wanted, sample: Sample) -> Edge | None:
    """Where the second of the sampled matches stands in the list. None where so few are left, or none was kept."""
    if not sample.hits:
        return None
    order = order_of(listing)
    source = listing.table.beside.get(listing.sort, listing.source)
    with planned_once() as cursor:
        cursor.execute(
            f"SELECT * FROM (SELECT *, row_number() OVER (ORDER BY {order.outer}) AS step FROM"
            f" (SELECT {order.keys}, id = ANY(%s::bigint[]) AS hit FROM {source} WHERE id = ANY(%s::bigint[]) OFFSET 0)"
            f" sampled WHERE {order.beyond.text}) placed WHERE hit ORDER BY step OFFSET 1 LIMIT 1",
            (list(sample.hits), list(sample.ids), *order.beyond.params),
        )
        rows = cursor.fetchall()
    return Edge(rows[0][:-2], (rows[0][-1] - 1) / len(sample.ids)) if rows else None


def is_sample(listing: Wanted) -> bool:
    """Whether the list begins with the very rows by which density is judged."""
    return listing.sort == listing.table.sampled and listing.falling and listing.after is None and not listing.by_state
