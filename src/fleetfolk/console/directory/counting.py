"""How many there are in all, up to where nobody counts any more."""

from dataclasses import replace

from fleetfolk.console.directory import limits
from fleetfolk.console.directory.asked import Cursor, Table, Wanted
from fleetfolk.console.directory.matching import Match, each_way, match_of
from fleetfolk.console.directory.reading import is_covered, walk
from fleetfolk.console.directory.sampling import Sample, sample_of


def count(cursor: Cursor, listing: Wanted) -> tuple[int, bool]:
    """How many there are in all, whatever the cursor, and whether that was cut at COUNT_CAP ("1,000+").

    Exact either way. Where the sample says dense, walking on along the sample's order proves it; else the
    bitmap that finds the matches is left at the cap.
    """
    table = listing.table
    listing = replace(listing, after=None, backward=False, sort=table.covered, descending=True)
    match = match_of(cursor, listing)
    wanted = limits.COUNT_CAP + 1
    found, resume = 0, True
    sample = Sample(0) if match.plain or match.rare else sample_of(listing, match)
    if sample.share >= limits.DENSE:
        far = limits.COVERED if is_covered(listing) else 1
        keys, at = walk(listing, match, limit=2 * limits.WALK_ON * far, wanted=wanted)
        found, resume = len(keys), at is not None
    if resume and match.plain and listing.homes is None:
        found, resume = _count_shown(cursor, table, match, wanted=wanted)
    if resume:
        # A materialized CTE is planned to be read whole, which takes bitmaps, and is run only as far as the LIMIT asks.
        kind = "NOT MATERIALIZED" if match.plain else "MATERIALIZED"
        every = each_way("1", table.name, match.ways(common=sample.common))
        cursor.execute(
            f"WITH found AS {kind} ({every.text}) SELECT count(*) FROM (SELECT 1 FROM found LIMIT {wanted:d}) counted",
            every.params,
        )
        ((found,),) = cursor.fetchall()
    return min(found, limits.COUNT_CAP), found > limits.COUNT_CAP


def _count_shown(cursor: Cursor, table: Table, match: Match, *, wanted: int) -> tuple[int, bool]:
    """How many of all are shown, up to `wanted`, from indexes alone; and whether that was too long a way."""
    where, about = match.everything.text, match.everything.params
    cursor.execute(
        f"SELECT count(*) FROM"
        f" (SELECT 1 FROM {table.name} WHERE {where} AND {table.hidden} LIMIT {limits.HIDDEN_CAP:d}) hidden",
        about,
    )
    ((hidden,),) = cursor.fetchall()
    if hidden == limits.HIDDEN_CAP:
        return 0, True
    cursor.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {table.name} WHERE {where} LIMIT {wanted + hidden:d}) counted", about
    )
    ((found,),) = cursor.fetchall()
    return found - hidden, False
