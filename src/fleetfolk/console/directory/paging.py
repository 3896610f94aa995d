"""A page of the list: which way is taken, and when it is given up for another."""

from dataclasses import dataclass, field, replace

from fleetfolk.console.directory import limits
from fleetfolk.console.directory.asked import Cursor, Key, Page, Wanted
from fleetfolk.console.directory.matching import Match, match_of
from fleetfolk.console.directory.reading import gather, glance, is_covered, nearer, walk
from fleetfolk.console.directory.sampling import Edge, Sample, edge_of, is_sample, sample_of
from fleetfolk.console.sql import Sql


def page(cursor: Cursor, listing: Wanted) -> Page:
    """The page after (or before) the cursor, in one to six statements, however deep it lies."""
    search = _Search(cursor=cursor, listing=listing, match=match_of(cursor, listing), wanted=listing.size + 1)
    if search.match.rare:
        search.gather(route="gather at once")
    elif search.match.plain and _reaches_few(cursor, listing, search.match):
        search.gather(route="gather a small reach")
    else:
        _look(search)
    rows, route, total = search.rows, search.route, search.total
    keys, beyond = rows[: listing.size], len(rows) > listing.size
    before = listing.after is not None
    if listing.backward:
        return Page(keys=tuple(reversed(keys)), has_previous=beyond, has_next=before, route=route, total=total)
    return Page(keys=tuple(keys), has_previous=before, has_next=beyond, route=route, total=total)


@dataclass(kw_only=True)
class _Search:
    """The rows found so far, and where to look on; no place means that nothing is left to do."""

    cursor: Cursor
    listing: Wanted
    match: Match
    wanted: int
    rows: list[Key] = field(default_factory=list)
    place: Key | None = None
    route: str = ""
    total: int | None = None

    def walk(self, limit: int, *, route: str) -> None:
        """The next rows of the sort, `limit` at most, are looked at."""
        more, self.place = walk(self.rest, self.match, limit=limit, wanted=self.wanted - len(self.rows))
        self.rows += more
        self.route = route

    def gather(self, *, route: str, common: frozenset[Sql] = frozenset(), edge: Edge | None = None) -> None:
        """All that match are collected, up to a bound where there is one."""
        wanted = self.wanted - len(self.rows)
        glanced = None if self.match.rare else glance(self.rest, self.match, wanted=wanted)
        bound = nearer(self.listing, glanced, edge.key if edge else None)
        # The planner takes pieces for independent of one another, and then sees no use in a second bitmap.
        ways = self.match.ways(common=common, whole=bound is not None)
        more, self.total = gather(self.cursor, self.rest, ways, wanted=wanted, bound=bound)
        self.rows += more
        self.place, self.route = None, route if bound is None else f"{route} to a bound"
        if bound is not None and len(more) < wanted:
            self.place = bound
            more, _ = gather(self.cursor, self.rest, ways, wanted=wanted - len(more), bound=None)
            self.rows += more
            self.place, self.route = None, f"{route} beyond a bound"

    @property
    def rest(self) -> Wanted:
        """What has not been looked at."""
        return self.listing if self.place is None else replace(self.listing, after=self.place)


def _reaches_few(cursor: Cursor, listing: Wanted, match: Match) -> bool:
    """Whether there is so little within a reach that is less than the tenant that it is not worth a walk."""
    if listing.branches is None and listing.homes is None:
        return False
    where, most = match.everything, limits.FEW + 1
    cursor.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {listing.table.name} WHERE {where.text} LIMIT {most:d}) counted",
        where.params,
    )
    ((found,),) = cursor.fetchall()
    return bool(found <= limits.FEW)


def _look(search: _Search) -> None:
    """Walks as far as that promises a page soon, then gathers what is rare, or walks to the end to what is not."""
    listing, match = search.listing, search.match
    far = limits.COVERED if is_covered(listing) else 1
    is_large = search.wanted > limits.PAGE
    first = max(limits.WALK * far, limits.AS_FAR * search.wanted) if is_large else limits.WALK * far
    search.walk(first, route="walk")
    if not search.place:
        return
    found = len(search.rows)
    if found * (first + limits.WALK_ON * far) > limits.SURE * search.wanted * first:
        search.walk(limits.WALK_ON * far, route="walk on")
    if not search.place:
        return
    own = Sample(found / first) if is_sample(listing) and len(match.words) < 2 else None
    sample = own or sample_of(listing, match)
    edge = edge_of(search.rest, sample) if sample.share >= limits.MANY and not is_large else None
    far_off = edge is not None and edge.before > max(limits.FAR, sample.share / limits.AS_FAR)
    if sample.share < limits.DENSE or far_off:
        search.gather(route="gather", common=sample.common, edge=edge)
    while search.place:
        search.walk(10 * limits.WALK_ON, route="walk to the end")
