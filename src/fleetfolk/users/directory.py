"""The people of a tenant: searched, filtered, sorted and paged by key, within a few milliseconds at 1,000,000 of them.

PostgreSQL's planner cannot know whether `WHERE rare ORDER BY name LIMIT 26` is better answered along the sort's index
or through the word index: it guesses from averages, and a wrong guess costs a second. So the choice is made here, while
the query runs, by looking at the first rows:

1. Walk. Follow the sort's b-tree from the cursor over at most WALK rows and keep those that match. Frequent words, weak
   filters, small tenants and "no query" end here. If what was found promises the rest soon, walk on once.
2. Gather. Otherwise matches are rare here. Collect them all through the GIN index on (reach, search_text) or a filter's
   index, then sort the few. `OFFSET 0` keeps the planner from drifting back to the sort's index.
3. Walk to the end. A word may be rare at this end of the list and frequent elsewhere: "user" when sorted by role, where
   admins and staff come first. Gathering 94 of 100 people would be the dearest way, so a sample of SAMPLE rows taken
   along the e-mail addresses is asked first, and from DENSE upwards the walk goes on instead.

Bounds, each measured: a walked row costs about 1.5 µs, a gathered one 2.5 µs, and the GIN index 0.4 µs a candidate. Where matches do not
depend on the sort order, the dearest case is sqrt(26 x people) matches, about 3,200 in a tenant of 400,000.

Words: every word typed must be found. Three letters or more match anywhere, one or two the beginning of a word, because
a trigram index knows nothing shorter. What was typed without a space stays together ("o'neil", "anna.b@x.org", 美咲),
except phone numbers, of which only the digits count. `fold()` in the database is the one definition of equal letters.

No text from a person enters SQL: sort keys and states come from the tables below, everything else is a parameter.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, Protocol

Sort = Literal[
    "name", "email", "role", "location", "organization", "status", "tags", "devices", "last_sign_in", "created"
]
Status = Literal["active", "inactive", "pending", "disabled", "deletion_pending", "deactivated"]
Key = tuple[Any, ...]  # the sort's values and the id of one row: its place in the list

_SIGNED_IN: Final = "coalesce(last_sign_in_at, 'epoch')"
# Each is exactly the expression list of one index (tenant_id, …, id), with the type a cursor's value is cast to.
SORTS: Final[dict[Sort, tuple[tuple[str, str], ...]]] = {
    "name": (("name_key", "text"),),
    "email": (("email", "text"),),
    "role": (("role_key", "text"),),
    "location": (("location_key", "text"),),
    "organization": (("organization_key", "text"),),
    "status": (("state", "smallint"), (_SIGNED_IN, "timestamptz")),
    "tags": (("tags_key", "text"),),
    "devices": (("device_count", "integer"),),
    "last_sign_in": ((_SIGNED_IN, "timestamptz"),),
    "created": (("created_at", "timestamptz"),),
}
STATUSES: Final[dict[Status, str]] = {
    "active": f"(state = 1 AND {_SIGNED_IN} >= now() - interval '30 days')",
    "inactive": f"(state = 1 AND {_SIGNED_IN} < now() - interval '30 days')",
    "pending": "(state = 2)",
    "disabled": "(state = 3)",
    "deletion_pending": "(state = 4)",
    "deactivated": "(state = 5)",
}

WALK: Final = 1_500
WALK_ON: Final = 6_000
SAMPLE: Final = 400
DENSE: Final = 0.10
COUNT_CAP: Final = 1_000


class Cursor(Protocol):
    """What is used of a database cursor: Django's and psycopg's both fit."""

    def execute(self, sql: Any, params: Sequence[Any] = ..., /) -> Any: ...
    def fetchall(self) -> list[tuple[Any, ...]]: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """Which people, in which order, from where on.

    `branches` (path prefixes, "1.7.") and `homes` (organization ids) are the viewer's reach: None does not restrict,
    an empty tuple is nobody. The filters below restrict further; an empty filter does not restrict.
    """

    tenant_id: int
    branches: tuple[str, ...] | None = None
    homes: tuple[int, ...] | None = None
    typed: str = ""
    role_ids: tuple[int, ...] = ()
    location_ids: tuple[int, ...] = ()
    organization_ids: tuple[int, ...] = ()
    statuses: tuple[Status, ...] = ()
    sort: Sort = "name"
    descending: bool = False
    after: Key | None = None  # the key of the last row seen (of the first one seen, if backward)
    backward: bool = False
    size: int = 25


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One page in the order asked for, whichever way it was reached."""

    ids: tuple[int, ...]
    keys: tuple[Key, ...]
    has_previous: bool
    has_next: bool
    route: str  # walk, walk on, gather or walk to the end: for benchmarks and logs


@dataclass(frozen=True, slots=True)
class _Sql:
    """A piece of SQL with its parameters."""

    text: str
    params: tuple[Any, ...] = ()


def page(cursor: Cursor, listing: Listing) -> Page:
    """The page after (or before) the cursor. One to four statements, none of which depends on how deep the page is."""
    match = _match(cursor, listing)
    wanted = listing.size + 1
    rows, walked, resume = _walk(cursor, listing, match, limit=WALK, wanted=wanted)
    route = "walk"
    if resume is not None and len(rows) * (walked + WALK_ON) > wanted * walked:
        more, _, resume = _walk(cursor, replace(listing, after=resume), match, limit=WALK_ON, wanted=wanted - len(rows))
        rows, route = rows + more, "walk on"
    if resume is not None and _density(cursor, listing, match) < DENSE:
        rows, route, resume = _gather(cursor, listing, match, wanted=wanted), "gather", None
    while resume is not None:
        route = "walk to the end"
        rest = replace(listing, after=resume)
        more, _, resume = _walk(cursor, rest, match, limit=10 * WALK_ON, wanted=wanted - len(rows))
        rows += more
    more_rows, keys = len(rows) > listing.size, rows[: listing.size]
    if listing.backward:
        keys.reverse()
    return Page(
        ids=tuple(key[-1] for key in keys),
        keys=tuple(keys),
        has_previous=more_rows if listing.backward else listing.after is not None,
        has_next=listing.after is not None if listing.backward else more_rows,
        route=route,
    )


def count(cursor: Cursor, listing: Listing) -> tuple[int, bool]:
    """How many there are in all, whatever the cursor, and whether the number was cut at COUNT_CAP ("1,000+").

    Where matches are dense the first rows of the list prove it; else the bitmap that finds them is stopped at the cap.
    """
    listing = replace(listing, after=None, backward=False)
    match = _match(cursor, listing)
    wanted = COUNT_CAP + 1
    if match.plain:
        found = _plain_count(cursor, listing, wanted)
        return min(found, COUNT_CAP), found > COUNT_CAP
    if _density(cursor, listing, match) >= DENSE:
        rows, _, resume = _walk(cursor, listing, match, limit=WALK_ON, wanted=wanted)
        if resume is None:
            return min(len(rows), COUNT_CAP), len(rows) > COUNT_CAP
    inner = match.gathered
    cursor.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM users_user WHERE {inner.text} LIMIT {wanted}) found", inner.params
    )
    found = cursor.fetchall()[0][0]
    return min(found, COUNT_CAP), found > COUNT_CAP


@dataclass(frozen=True, slots=True)
class _Match:
    """Who matches, said twice: cheaply for one row at a time, and so that an index can be used."""

    row: _Sql
    gathered: _Sql
    plain: bool  # no words and no filters: only the tenant and the reach


def patterns(cursor: Cursor, typed: str) -> list[str]:
    """The LIKE patterns, all of which a person's search text must match. Folded text has no special characters."""
    tokens = typed.split()[:8]
    if not tokens:
        return []
    cursor.execute(
        "SELECT fold(token) FROM unnest(%s::text[]) WITH ORDINALITY t (token, place) ORDER BY place", (tokens,)
    )
    wanted: dict[str, None] = {}
    for (folded,) in cursor.fetchall():
        digits = folded.replace(" ", "")
        word = digits if digits.isdigit() else folded
        if word:
            anywhere = len(word.split()[0]) > 2
            wanted[f"%{word}%" if anywhere else f"% {word}%"] = None
    return list(wanted)


def _match(cursor: Cursor, listing: Listing) -> _Match:
    terms: list[_Sql] = []
    if listing.branches is not None:
        terms.append(
            _Sql("reach && %s::bigint[]", ([int(path.rstrip(".").rsplit(".", 1)[-1]) for path in listing.branches],))
        )
    if listing.homes is not None:
        terms.append(_Sql("organization_id = ANY(%s::bigint[])", (list(listing.homes),)))
    scopes = len(terms)
    for column, ids in (
        ("role_id", listing.role_ids),
        ("location_id", listing.location_ids),
        ("organization_id", listing.organization_ids),
    ):
        if ids:
            terms.append(_Sql(f"{column} = ANY(%s::bigint[])", (list(ids),)))
    if listing.statuses:
        terms.append(_Sql("(" + " OR ".join(STATUSES[status] for status in listing.statuses) + ")"))
    terms += [_Sql("search_text LIKE %s", (pattern,)) for pattern in patterns(cursor, listing.typed)]
    # The tenant's own id in reach lets the word index answer alone; tenant_id lets the status index do so.
    inside = [_Sql("tenant_id = %s", (listing.tenant_id,))]
    if listing.branches is None:
        inside.append(_Sql("reach && %s::bigint[]", ([listing.tenant_id],)))
    return _Match(row=_all(terms), gathered=_all(inside + terms), plain=len(terms) == scopes)


def _all(terms: list[_Sql]) -> _Sql:
    return _Sql(" AND ".join(t.text for t in terms) or "true", tuple(p for t in terms for p in t.params))


def _order(listing: Listing) -> tuple[str, str, str, tuple[Any, ...]]:
    """The columns of the sort, ORDER BY, and the condition "beyond the cursor" with its parameters."""
    columns = [*SORTS[listing.sort], ("id", "bigint")]
    falling = listing.descending != listing.backward
    order = ", ".join(f"{name} DESC" if falling else name for name, _ in columns)
    names = ", ".join(name for name, _ in columns)
    if listing.after is None:
        return names, order, "true", ()
    place = ", ".join(f"%s::{kind}" for _, kind in columns)
    return names, order, f"({names}) {'<' if falling else '>'} ({place})", listing.after


def _walk(
    cursor: Cursor, listing: Listing, match: _Match, *, limit: int, wanted: int
) -> tuple[list[Key], int, Key | None]:
    """The keys of up to `wanted` matches among the next `limit` rows, the rows walked, and where to resume (None: done)."""
    names, order, beyond, place = _order(listing)
    width = len(SORTS[listing.sort]) + 1
    # The last row comes back even if it does not match: it is where a longer walk goes on.
    cursor.execute(
        f"SELECT * FROM (SELECT {names}, {match.row.text} AS hit, row_number() OVER (ORDER BY {order}) AS step"
        f" FROM users_user WHERE tenant_id = %s AND {beyond} ORDER BY {order} LIMIT {limit:d}) walked"
        f" WHERE hit OR step = {limit:d} LIMIT {wanted:d}",
        (*match.row.params, listing.tenant_id, *place),
    )
    rows = cursor.fetchall()
    keys = [row[:width] for row in rows if row[width]]
    cut = bool(rows) and rows[-1][-1] == limit and len(keys) < wanted
    return keys, rows[-1][-1] if rows else 0, rows[-1][:width] if cut else None


def _gather(cursor: Cursor, listing: Listing, match: _Match, *, wanted: int) -> list[Key]:
    """The keys of the next `wanted` matches, all matches having been collected and sorted."""
    names, order, beyond, place = _order(listing)
    columns = ", ".join(
        dict.fromkeys(["state", "last_sign_in_at", "id", *(n for n, _ in SORTS[listing.sort] if "(" not in n)])
    )
    cursor.execute(
        f"SELECT {names} FROM (SELECT {columns} FROM users_user WHERE {match.gathered.text} OFFSET 0) found"
        f" WHERE {beyond} ORDER BY {order} LIMIT {wanted:d}",
        (*match.gathered.params, *place),
    )
    return cursor.fetchall()


def _density(cursor: Cursor, listing: Listing, match: _Match) -> float:
    """The share of the tenant's people who match, from eight places along their e-mail addresses."""
    cursor.execute(
        f"SELECT count(*) FILTER (WHERE hit), count(*) FROM unnest(%s::text[]) letter, LATERAL (SELECT {match.row.text} AS hit"
        f" FROM users_user WHERE tenant_id = %s AND email >= letter ORDER BY email, id LIMIT {SAMPLE // 8:d}) sample",
        (list("behknqtw"), *match.row.params, listing.tenant_id),
    )
    hits, rows = cursor.fetchall()[0]
    return float(hits / rows) if rows else 0.0


def _plain_count(cursor: Cursor, listing: Listing, wanted: int) -> int:
    """How many are in the tenant or the reach, up to `wanted`: read from an index alone."""
    reach: list[_Sql] = [_Sql("tenant_id = %s", (listing.tenant_id,))]
    if listing.branches is not None:
        reach.append(_Sql("path LIKE ANY(%s)", ([f"{path}%" for path in listing.branches],)))
        if len(listing.branches) == 1:
            reach[-1] = _Sql("path LIKE %s", (f"{listing.branches[0]}%",))
    if listing.homes is not None:
        reach.append(_Sql("organization_id = ANY(%s::bigint[])", (list(listing.homes),)))
    scope = _all(reach)
    cursor.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM users_user WHERE {scope.text} LIMIT {wanted:d}) counted", scope.params
    )
    return int(cursor.fetchall()[0][0])
