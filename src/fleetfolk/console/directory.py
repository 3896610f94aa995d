"""The rows of a large table: searched, filtered, sorted and paged by key, within milliseconds at 1,000,000 of them.

PostgreSQL's planner cannot know whether `WHERE rare ORDER BY name LIMIT 26` is better answered along the sort's index
or through the word index: it guesses from averages, and a wrong guess costs a second. So the choice is made here, while
the query runs, by looking at the first rows:

1. Walk. Follow the sort's b-tree from the cursor over at most WALK rows and keep those that match. Frequent words, weak
   filters, small tenants and "no query" end here. If what was found promises the rest soon, walk on once (WALK_ON).
   Where a branch or place has FEW, a walk would pass by everybody else: they are gathered at once.
   Along an order whose index itself holds what a search looks at, a walk goes COVERED times as far.
2. Sample. Otherwise matches are rare here. Are they rare everywhere? SAMPLE rows in an order that names and places
   have nothing to do with tell; a list in that order has been its own sample. Where many match, the second of the
   sampled matches in the list's order is its edge: each stands for hundreds that were not sampled, so a page lies
   before it almost surely, if it has no more rows than PAGE. How many sampled rows lie before it tells how far it is.
   Of DENSE matches gathering would be the dearest way if their edge is near ("user", sorted by role: admins and staff
   come first, then 94 of 100 match): the walk goes on to the end.
3. Gather. Collect all matches through the GIN index on (reach, search_text) or a filter's index and sort the few.
   `OFFSET 0` keeps the planner from drifting back to the sort's index. Up to the edge they are gathered first, two
   bitmaps (word, range) leaving few rows to visit; the others only if that was no page. Where a single word may be what
   the list is sorted by ("maria" by name), a glance at that place of the list may yield a full page, which need not be
   the first one, but bounds it.
   Of several words those that are COMMON in the sample ("user", "gmail") are kept from the index: much for little.

Costs, measured warm on a slow two-core machine: 1.3 µs a walked row (0.5 µs where the index itself has all), about 2 µs
a gathered one (cache misses both: fewer and narrower rows are what counts), 0.2 to 0.8 µs a candidate inside the GIN
index, 0.06 µs an entry of a range. Where matches do not depend on the order, the dearest case is a word with
sqrt(26 x people) matches, 3,200 of 400,000.

Words: every word typed must be found. Three letters or more match anywhere, one or two the beginning of a word, because
a trigram index knows nothing shorter. What was typed without a space stays together ("o'neil", 美咲); of a number only
the digits count; with an @ inside it is the beginning of an e-mail address, where the table has such and any begins so.
`fold()` in the database is the one definition of equal letters.

Tags: a word is also found in the names of the tags that a row carries. Which tags of the tenant have it is asked first,
of a small table. Where none has, nothing else is different. Where some have, a walk looks at the links of each row that
has not got the word itself; and a gathering goes two ways, which find no row twice: by the words, and from the links of
those tags.

What a table hides (deactivated people, say) is in no list, and no word finds it, unless the listing asks for it. Rows
are told apart where they are read anyway. Numbers that come from an index alone still do: all are counted there, less
the hidden ones, which have a small index of their own.

No text from a person enters SQL: columns and conditions come from declarations in code, all else is a parameter.

Walks and samples have one best plan, whatever is looked for: they are planned once for each connection. What is
gathered is planned each time, by the very words.

The connection must be told that the data is in memory (seq_page_cost = random_page_cost = 0.15; jit = off;
max_parallel_workers_per_gather = 0), or the planner joins a bitmap of a whole tenant to save a few cheap row visits.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

from fleetfolk.kernel.statements import planned_once

type Key = tuple[Any, ...]  # the sort's values and the id of one row: its place in the list

_NO_WORD: Final = re.compile("[^a-z0-9]+")

WALK: Final = 500
WALK_ON: Final = 3_000
COVERED: Final = 2
SAMPLE: Final = 400
FEW: Final = 2_500
DENSE: Final = 0.10
COMMON: Final = 0.25
MANY: Final = 0.01
SURE: Final = 1.3
FAR: Final = 0.05
AS_FAR: Final = 4
LONG: Final = 8
PAGE: Final = 100
COUNT_CAP: Final = 1_000
HIDDEN_CAP: Final = 5_000
TOKENS: Final = 8
BRANCHES: Final = 8
"""Who has more of them is asked for by the organizations at and below them, as `homes`: a row is not compared with
hundreds of paths."""


class Cursor(Protocol):
    """What is used of a database cursor: Django's and psycopg's both fit."""

    def execute(self, sql: Any, params: Any = ..., /) -> Any: ...
    def fetchall(self) -> list[Any]: ...


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL with its parameters."""

    text: str
    params: tuple[Any, ...] = ()


TRUE: Final = Sql("true")


@dataclass(frozen=True, kw_only=True, slots=True)
class Tags:
    """Where a row's tags are: ``names`` is a table with ``tenant_id`` and ``search_text``, ``links`` says which row
    (its key is in the column ``of``) carries which of them (``tag_id``).
    """

    names: str
    links: str
    of: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """What is listed: a table with ``tenant_id``, ``organization_id``, ``path``, ``reach`` and ``search_text``.

    ``sorts`` are the columns of one index each, (tenant_id, …, id), with the types that a cursor's values are cast to.
    ``along`` names what is walked instead of the table for a sort whose column is elsewhere, ``beside`` what is
    gathered. In the ``wordy`` ones a typed word can be the reason why its matches stand together. ``sampled`` is the
    sort whose order has nothing to do with names and places; the index of ``covered`` holds ``state``, ``reach`` and
    ``search_text`` besides. ``shown`` and ``hidden`` tell rows apart; ``hidden`` is word for word the condition of an
    index. ``address`` is a column of which a word with an @ inside is the beginning. By ``tags`` rows are found, too.
    """

    name: str
    sorts: Mapping[Any, tuple[tuple[str, str], ...]]
    wordy: frozenset[str]
    sampled: str
    covered: str
    shown: str
    hidden: str
    along: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    tags: Tags | None = None

    def order(self, sort: str) -> str:
        """The sort's columns, falling, as SQL."""
        return ", ".join(f"{name} DESC" for name, _ in (*self.sorts[sort], ("id", "")))


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which rows of a table, in which order, from where on.

    `branches` (path prefixes, "1.7.", with all below) and `homes` (organization ids) are a reach: None does not
    restrict, an empty tuple is nothing. `filters` restrict further. `known` says filters again in terms of a sort's
    index, by the sort, so that a walk skips all else. `sought` says them again so that an index finds the rows, where
    that is another way than looking at one row after the other. `by_state`: a filter is answered by an index that
    begins with the tenant. `inside`: no filter looks at more than the covering index holds.
    """

    table: Table
    tenant_id: int
    branches: tuple[str, ...] | None = None
    homes: tuple[int, ...] | None = None
    typed: str = ""
    filters: tuple[Sql, ...] = ()
    sought: tuple[Sql, ...] | None = None
    known: Mapping[str, Sql] = field(default_factory=dict)
    hides: bool = True
    by_state: bool = False
    inside: bool = True
    sort: str
    descending: bool = False
    after: Key | None = None  # key of the last row seen (of the first one seen, if backward)
    backward: bool = False
    size: int = 25

    @property
    def falling(self) -> bool:
        """Whether rows are read from the greatest key down."""
        return self.descending != self.backward

    @property
    def source(self) -> str:
        """What is read along the sort."""
        return self.table.along.get(self.sort, self.table.name)


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One page in the order asked for, whichever way it was reached."""

    keys: tuple[Key, ...]
    has_previous: bool
    has_next: bool
    route: str  # how it was found, for logs and benchmarks
    total: int | None = None  # how many there are in all, where finding the page told it

    @property
    def ids(self) -> tuple[int, ...]:
        """The rows' ids, in order."""
        return tuple(key[-1] for key in self.keys)


@dataclass(frozen=True, slots=True)
class _Word:
    """A word typed: what has it in its text, the word as it would stand in a sort key, and the tags that have it."""

    term: Sql
    text: str
    pattern: str = ""  # empty where the beginning of an address was typed
    tag_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Match:
    """Who matches: for one row at a time, and so that an index can be used."""

    row: Sql
    indexed: Sql  # without the words
    everything: Sql  # as indexed, with what is hidden
    words: tuple[Sql, ...]
    word: str  # the only word typed, else empty
    rare: bool  # surely few match: an e-mail address was typed
    plain: bool  # neither words nor filters: only tenant and reach
    tagged: Sql | None  # who has not all the words, but tags that have the others; None where no tag has one

    def by_index(self, *, common: frozenset[Sql] = frozenset(), whole: bool = False) -> Sql:
        """The condition for an index, from which it does not learn of the common words: long lists for little.

        It learns of the others in pieces, unless ``whole``: it gives up a candidate at the first piece that is missing,
        while of a whole word it looks up every part.
        """
        words = [[_hidden(word)] if word in common else [word] if whole else _pieces(word) for word in self.words]
        return all_of([self.indexed, *(term for word in words for term in word)])

    def ways(self, *, common: frozenset[Sql] = frozenset(), whole: bool = False) -> tuple[Sql, ...]:
        """The conditions for indexes, of which every match fulfils exactly one."""
        by_index = self.by_index(common=common, whole=whole)
        return (by_index,) if self.tagged is None else (by_index, self.tagged)


@dataclass(frozen=True, slots=True)
class _Sample:
    """The share of matches in the sample, the words that many of these have, and the sampled rows with their hits."""

    share: float
    common: frozenset[Sql] = frozenset()
    ids: tuple[int, ...] = ()
    hits: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Edge:
    """The second of the sampled matches in the list's order, and the share of the sampled rows that lie before it."""

    key: Key
    before: float


@dataclass(kw_only=True)
class _Search:
    """The rows found so far, and where to look on; no place means that nothing is left to do."""

    cursor: Cursor
    listing: Wanted
    match: _Match
    wanted: int
    rows: list[Key] = field(default_factory=list)
    place: Key | None = None
    route: str = ""
    total: int | None = None

    def walk(self, limit: int, *, route: str) -> None:
        """The next rows of the sort, `limit` at most, are looked at."""
        more, self.place = _walk(self.rest, self.match, limit=limit, wanted=self.wanted - len(self.rows))
        self.rows += more
        self.route = route

    def gather(self, *, route: str, common: frozenset[Sql] = frozenset(), edge: _Edge | None = None) -> None:
        """All that match are collected, up to a bound where there is one."""
        wanted = self.wanted - len(self.rows)
        glanced = None if self.match.rare else _glance(self.rest, self.match, wanted=wanted)
        bound = _nearer(self.listing, glanced, edge.key if edge else None)
        # The planner takes pieces for independent of one another, and then sees no use in a second bitmap.
        ways = self.match.ways(common=common, whole=bound is not None)
        more, self.total = _gather(self.cursor, self.rest, ways, wanted=wanted, bound=bound)
        self.rows += more
        self.place, self.route = None, route if bound is None else f"{route} to a bound"
        if bound is not None and len(more) < wanted:
            self.place = bound
            more, _ = _gather(self.cursor, self.rest, ways, wanted=wanted - len(more), bound=None)
            self.rows += more
            self.place, self.route = None, f"{route} beyond a bound"

    @property
    def rest(self) -> Wanted:
        """What has not been looked at."""
        return self.listing if self.place is None else replace(self.listing, after=self.place)


def page(cursor: Cursor, listing: Wanted) -> Page:
    """The page after (or before) the cursor, in one to six statements, however deep it lies."""
    search = _Search(cursor=cursor, listing=listing, match=_match(cursor, listing), wanted=listing.size + 1)
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


def _reaches_few(cursor: Cursor, listing: Wanted, match: _Match) -> bool:
    """Whether there is so little within a reach that is less than the tenant that it is not worth a walk."""
    if listing.branches is None and listing.homes is None:
        return False
    where = match.everything
    cursor.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {listing.table.name} WHERE {where.text} LIMIT {FEW + 1:d}) counted",
        where.params,
    )
    ((found,),) = cursor.fetchall()
    return bool(found <= FEW)


def _look(search: _Search) -> None:
    """Walks as far as that promises a page soon, then gathers what is rare, or walks to the end to what is not."""
    listing, match = search.listing, search.match
    far = COVERED if _is_covered(listing) else 1
    is_large = search.wanted > PAGE
    first = max(WALK * far, AS_FAR * search.wanted) if is_large else WALK * far
    search.walk(first, route="walk")
    if not search.place:
        return
    found = len(search.rows)
    if found * (first + WALK_ON * far) > SURE * search.wanted * first:
        search.walk(WALK_ON * far, route="walk on")
    if not search.place:
        return
    own = _Sample(found / first) if _is_sample(listing) and len(match.words) < 2 else None
    sample = own or _sample(listing, match)
    edge = _edge(search.rest, sample) if sample.share >= MANY and not is_large else None
    far_off = edge is not None and edge.before > max(FAR, sample.share / AS_FAR)
    if sample.share < DENSE or far_off:
        search.gather(route="gather", common=sample.common, edge=edge)
    while search.place:
        search.walk(10 * WALK_ON, route="walk to the end")


def count(cursor: Cursor, listing: Wanted) -> tuple[int, bool]:
    """How many there are in all, whatever the cursor, and whether that was cut at COUNT_CAP ("1,000+").

    Exact either way. Where the sample says dense, walking on along the sample's order proves it; else the
    bitmap that finds the matches is left at the cap.
    """
    table = listing.table
    listing = replace(listing, after=None, backward=False, sort=table.covered, descending=True)
    match = _match(cursor, listing)
    wanted = COUNT_CAP + 1
    found, resume = 0, True
    sample = _Sample(0) if match.plain or match.rare else _sample(listing, match)
    if sample.share >= DENSE:
        far = COVERED if _is_covered(listing) else 1
        keys, at = _walk(listing, match, limit=2 * WALK_ON * far, wanted=wanted)
        found, resume = len(keys), at is not None
    if resume and match.plain and listing.homes is None:
        found, resume = _count_shown(cursor, table, match, wanted=wanted)
    if resume:
        # A materialized CTE is planned to be read whole, which takes bitmaps, and is run only as far as the LIMIT asks.
        kind = "NOT MATERIALIZED" if match.plain else "MATERIALIZED"
        every = _each_way("1", table.name, match.ways(common=sample.common))
        cursor.execute(
            f"WITH found AS {kind} ({every.text}) SELECT count(*) FROM (SELECT 1 FROM found LIMIT {wanted:d}) counted",
            every.params,
        )
        ((found,),) = cursor.fetchall()
    return min(found, COUNT_CAP), found > COUNT_CAP


def condition(cursor: Cursor, listing: Wanted) -> Sql:
    """What every row of the listing fulfils, whatever the page: one condition on the table."""
    match = _match(cursor, listing)
    where = all_of([match.indexed, *match.words])
    if match.tagged is None:
        return where
    table = listing.table.name
    either = _each_way("id", table, (where, match.tagged))
    return replace(either, text=f"{table}.id IN ({either.text})")


def _count_shown(cursor: Cursor, table: Table, match: _Match, *, wanted: int) -> tuple[int, bool]:
    """How many of all are shown, up to `wanted`, from indexes alone; and whether that was too long a way."""
    where, about = match.everything.text, match.everything.params
    cursor.execute(
        f"SELECT count(*) FROM"
        f" (SELECT 1 FROM {table.name} WHERE {where} AND {table.hidden} LIMIT {HIDDEN_CAP:d}) hidden",
        about,
    )
    ((hidden,),) = cursor.fetchall()
    if hidden == HIDDEN_CAP:
        return 0, True
    cursor.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {table.name} WHERE {where} LIMIT {wanted + hidden:d}) counted", about
    )
    ((found,),) = cursor.fetchall()
    return found - hidden, False


def _match(cursor: Cursor, listing: Wanted) -> _Match:
    reach, words = [], _words(cursor, listing)
    filters = listing.filters
    sought = filters if listing.sought is None else listing.sought
    if listing.homes is not None:
        reach.append(Sql("organization_id = ANY(%s::bigint[])", (list(listing.homes),)))
    typed = tuple(word.term for word in words)
    plain = not filters and not typed
    row = list(reach)
    rare = any(_is_address(listing.table, term) for term in typed)
    # tenant_id + 0 guards without an index: "all of the tenant" as one more bitmap would cost more than all else.
    tenant = "tenant_id" if plain or rare or listing.by_state else "tenant_id + 0"
    indexed = [Sql(f"{tenant} = %s", (listing.tenant_id,)), *reach]
    if listing.branches is not None:
        branches = Sql("reach && %s::bigint[]", (_tops(listing.branches),))
        # Without a word a range of paths in a b-tree is the shorter way to the same rows.
        paths = (Sql("path LIKE %s", (f"{path}%",)) for path in listing.branches)
        row.append(branches)
        indexed.append(branches if typed else any_of(list(paths)))
    elif typed:
        # The root's id is in every row's reach, so that the word index leaves out the other tenants by itself.
        indexed.append(Sql("reach && %s::bigint[]", ([listing.tenant_id],)))
    word = words[0].text if len(words) == 1 else ""
    shown = [Sql(listing.table.shown)] if listing.hides else []
    either = [_in_text_or_tags(listing.table, word) for word in words]
    return _Match(
        row=all_of([*row, *filters, *either, *shown]),
        indexed=all_of([*indexed, *sought, *shown]),
        everything=all_of([*indexed, *sought]),
        words=typed,
        word=word,
        rare=rare,
        plain=plain,
        tagged=_tagged(listing.table, words, [Sql("tenant_id = %s", (listing.tenant_id,)), *row, *sought, *shown]),
    )


def _words(cursor: Cursor, listing: Wanted) -> list[_Word]:
    """The words typed, each once."""
    tokens = listing.typed.split()[:TOKENS]
    if not tokens:
        return []
    words: dict[str, _Word] = {}
    for token, folded in zip(tokens, _folded(tokens), strict=True):
        digits = folded.replace(" ", "")
        word = digits if digits.isdecimal() else folded
        if listing.table.address and "@" in token[1:] and _begins_an_address(cursor, listing, token.lower()):
            words[token.lower()] = _Word(Sql(f"{listing.table.address} ^@ %s", (token.lower(),)), token.lower())
        elif word:
            # Folded text is letters, digits and single spaces: nothing in it is special to LIKE.
            anywhere = len(word.split()[0]) > 2
            pattern = f"%{word}%" if anywhere else f"% {word}%"
            words[word] = _Word(Sql("search_text LIKE %s", (pattern,)), word, pattern)
    return _with_tags(listing, list(words.values()))


def _with_tags(listing: Wanted, words: Sequence[_Word]) -> list[_Word]:
    """The words, each with the tags of the tenant whose names have it."""
    tags = listing.table.tags
    patterns = [word.pattern for word in words]
    if tags is None or not any(patterns):
        return list(words)
    with planned_once() as cursor:
        cursor.execute(
            f"SELECT word.pattern, array_agg(tag.id ORDER BY tag.id) FROM unnest(%s::text[]) AS word (pattern)"
            f" JOIN {tags.names} tag ON tag.tenant_id = %s AND tag.search_text LIKE word.pattern GROUP BY word.pattern",
            (patterns, listing.tenant_id),
        )
        found = dict(cursor.fetchall())
    return [replace(word, tag_ids=tuple(found.get(word.pattern, ()))) for word in words]


def _carries(table: Table, tags: Tags, tag_ids: Sequence[int]) -> Sql:
    """The links from a row to these tags."""
    of_row = f"l.{tags.of} = {table.name}.id"
    return Sql(f"SELECT true FROM {tags.links} l WHERE {of_row} AND l.tag_id = ANY(%s::bigint[])", (list(tag_ids),))


def _in_text_or_tags(table: Table, word: _Word) -> Sql:
    """The word, asked of one row. LIMIT keeps the planner from turning it round into all that carry the tags."""
    if table.tags is None or not word.tag_ids:
        return word.term
    carries = _carries(table, table.tags, word.tag_ids)
    return any_of([word.term, replace(carries, text=f"({carries.text} LIMIT 1) IS TRUE")])


def _tagged(table: Table, words: Sequence[_Word], where: Sequence[Sql]) -> Sql | None:
    """Who is found only because tags have some of the words, as a condition that begins with the links of these."""
    with_tags = [word for word in words if word.tag_ids]
    if table.tags is None or not with_tags:
        return None
    carries = _carries(table, table.tags, [key for word in with_tags for key in word.tag_ids])
    in_text = all_of([word.term for word in with_tags])
    each = [_in_text_or_tags(table, word) for word in with_tags] if len(with_tags) > 1 else []
    others = [word.term for word in words if not word.tag_ids]
    exists = replace(carries, text=f"EXISTS ({carries.text})")
    return all_of([*where, exists, replace(in_text, text=f"NOT ({in_text.text})"), *each, *others])


def _each_way(columns: str, source: str, ways: Sequence[Sql]) -> Sql:
    """The rows that are found by one way or another, in no order."""
    return Sql(
        " UNION ALL ".join(f"SELECT {columns} FROM {source} WHERE {way.text}" for way in ways),
        tuple(param for way in ways for param in way.params),
    )


def _folded(tokens: Sequence[str]) -> list[str]:
    """Each token as `fold()` of the database makes it. What ASCII becomes is known here, too, and needs no question."""
    if all(map(str.isascii, tokens)):
        return [_NO_WORD.sub(" ", token.lower()).strip() for token in tokens]
    with planned_once() as cursor:
        cursor.execute(
            "SELECT fold(t) FROM unnest(%s::text[]) WITH ORDINALITY AS u (t, place) ORDER BY place", (list(tokens),)
        )
        return [folded for (folded,) in cursor.fetchall()]


def _begins_an_address(cursor: Cursor, listing: Wanted, token: str) -> bool:
    """Whether an address within reach begins so: an answer that depended on others would tell of them.

    The reach is asked in a way that no index knows, so that the few addresses are read along their own.
    """
    terms = [Sql(f"tenant_id = %s AND {listing.table.address} ^@ %s", (listing.tenant_id, token))]
    if listing.homes is not None:
        terms.append(Sql("organization_id + 0 = ANY(%s::bigint[])", (list(listing.homes),)))
    if listing.branches is not None:
        terms.append(Sql("(reach && %s::bigint[]) IS TRUE", (_tops(listing.branches),)))
    if listing.hides:
        terms.append(Sql(listing.table.shown))
    where = all_of(terms)
    cursor.execute(f"SELECT EXISTS (SELECT FROM {listing.table.name} WHERE {where.text})", where.params)
    ((found,),) = cursor.fetchall()
    return bool(found)


def _is_address(table: Table, term: Sql) -> bool:
    return bool(table.address) and term.text == f"{table.address} ^@ %s"


def _tops(branches: Sequence[str]) -> list[int]:
    """The organizations with which the branches begin: the last key of each path."""
    return [int(path.rstrip(".").split(".")[-1]) for path in branches]


def all_of(terms: Sequence[Sql]) -> Sql:
    """The conditions, all of which must hold."""
    return Sql(" AND ".join(t.text for t in terms) or "true", tuple(p for t in terms for p in t.params))


def named(column: str, table: str, ids: Sequence[int]) -> Sql:
    """A filter on rows of another table, in terms of the folded copies of their names."""
    return Sql(f"{column} = ANY(ARRAY(SELECT fold(name) FROM {table} WHERE id = ANY(%s::bigint[])))", (list(ids),))


def _hidden(term: Sql) -> Sql:
    """The same condition, said so that no index knows it."""
    return replace(term, text=term.text.replace("search_text", "(search_text || '')"))


def _pieces(term: Sql) -> list[Sql]:
    """The same condition, said of the parts of a long word for an index, and of the whole in a way that none knows.

    A part keeps what it borders on, and has at least the three letters of which an index knows.
    """
    names = term.params[0].strip("%").split(" ") if "search_text" in term.text else []
    last = len(names) - 1
    bordered = (f"{' ' if place else ''}{name}{' ' if place < last else ''}" for place, name in enumerate(names))
    parts = [half for part in bordered for half in _halves(part)]
    if len(parts) < 2 or any(len(part.strip()) < 3 for part in parts):
        return [term]
    return [*(replace(term, params=(f"%{part}%",)) for part in parts), _hidden(term)]


def _halves(part: str) -> list[str]:
    middle = len(part) // 2
    return [part] if len(part.strip()) < LONG else [part[: middle + 1], part[middle - 1 :]]


def any_of(terms: Sequence[Sql]) -> Sql:
    """The conditions, one of which must hold."""
    return Sql(f"({' OR '.join(t.text for t in terms) or 'false'})", tuple(p for t in terms for p in t.params))


@dataclass(frozen=True, slots=True)
class _Order:
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


def _order(listing: Wanted) -> _Order:
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
    return _Order(
        keys=", ".join(f"{name} AS k{n}" for n, (name, _) in enumerate(columns)),
        inner=", ".join(f"{name}{down}" for name, _ in columns),
        ahead=ahead,
        until=until,
        outer=", ".join(f"k{n}{down}" for n in range(len(columns))),
        beyond=outside,
    )


def _walk(listing: Wanted, match: _Match, *, limit: int, wanted: int) -> tuple[list[Key], Key | None]:
    """Up to `wanted` matches among the next `limit` rows, and where to resume: None when nothing is left to do."""
    order = _order(listing)
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


def _sample(listing: Wanted, match: _Match) -> _Sample:
    """What the first rows in the sample's order tell.

    Of several words at least one stays uncommon: an index is asked for it.
    """
    words = [word for word in match.words if len(match.words) > 1 and not _is_address(listing.table, word)]
    flags = "".join(f", {word.text} AS word{n}" for n, word in enumerate(words))
    shares = "".join(f", coalesce(avg(word{n}::int), 0)::float8" for n in range(len(words)))
    table = listing.table
    with planned_once() as cursor:
        cursor.execute(
            f"SELECT coalesce(avg(hit::int), 0)::float8, array_agg(id), array_agg(id) FILTER (WHERE hit){shares}"
            f" FROM (SELECT id, {match.row.text} AS hit{flags}"
            f" FROM {table.name} WHERE tenant_id = %s ORDER BY {table.order(table.sampled)} LIMIT {SAMPLE:d}) sample",
            (*match.row.params, *(param for word in words for param in word.params), listing.tenant_id),
        )
        ((share, ids, hits, *each),) = cursor.fetchall()
    ordered = sorted(zip(each, words, strict=True), key=lambda pair: pair[0])
    common = frozenset(word for part, word in ordered[1:] if part > COMMON)
    return _Sample(share, common, tuple(ids or ()), tuple(hits or ()))


def _edge(listing: Wanted, sample: _Sample) -> _Edge | None:
    """Where the second of the sampled matches stands in the list. None where so few are left, or none was kept."""
    if not sample.hits:
        return None
    order = _order(listing)
    source = listing.table.beside.get(listing.sort, listing.source)
    with planned_once() as cursor:
        cursor.execute(
            f"SELECT * FROM (SELECT *, row_number() OVER (ORDER BY {order.outer}) AS step FROM"
            f" (SELECT {order.keys}, id = ANY(%s::bigint[]) AS hit FROM {source} WHERE id = ANY(%s::bigint[]) OFFSET 0)"
            f" sampled WHERE {order.beyond.text}) placed WHERE hit ORDER BY step OFFSET 1 LIMIT 1",
            (list(sample.hits), list(sample.ids), *order.beyond.params),
        )
        rows = cursor.fetchall()
    return _Edge(rows[0][:-2], (rows[0][-1] - 1) / len(sample.ids)) if rows else None


def _nearer(listing: Wanted, one: Key | None, other: Key | None) -> Key | None:
    """Which of two places in a list comes first, of those that there are."""
    if one is None or other is None:
        return one or other
    return max(one, other) if listing.falling else min(one, other)


def _is_covered(listing: Wanted) -> bool:
    """Whether the sort's index itself holds all that the list looks at, so that a walk visits no rows."""
    return listing.sort == listing.table.covered and listing.inside and not listing.homes


def _is_sample(listing: Wanted) -> bool:
    """Whether the list begins with the very rows by which density is judged."""
    return listing.sort == listing.table.sampled and listing.falling and listing.after is None and not listing.by_state


def _glance(listing: Wanted, match: _Match, *, wanted: int) -> Key | None:
    """The place up to which a full page certainly lies, if the word typed is found where it would sort itself."""
    if listing.sort not in listing.table.wordy or not match.word or listing.after is None:
        return None
    here = match.word + ("\U0010ffff" if listing.falling else "")
    if (here >= listing.after[0]) == listing.falling:
        return None
    keys, _ = _walk(replace(listing, after=(here, 0)), match, limit=WALK, wanted=wanted)
    return keys[-1] if len(keys) == wanted else None


def _gather(
    cursor: Cursor, listing: Wanted, ways: Sequence[Sql], *, wanted: int, bound: Key | None
) -> tuple[list[Key], int | None]:
    """The next `wanted` matches, all matches (up to the bound) having been collected and sorted.

    Without a bound all of them were at hand, so their number comes along; None where no row is left to carry it.
    """
    order = _order(listing)
    source = listing.table.beside.get(listing.sort, listing.source)
    inside: list[Sql] = []
    if bound is not None:
        # Up to the very row: thousands may share its role or place.
        inside += [
            Sql("tenant_id = %s", (listing.tenant_id,)),
            order.ahead,
            _order(replace(listing, after=bound)).until,
        ]
    every = _each_way(order.keys, source, [all_of([way, *inside]) for way in ways])
    cursor.execute(
        f"SELECT * FROM (SELECT *, count(*) OVER () FROM ({every.text}) every OFFSET 0) found"
        f" WHERE {order.beyond.text} ORDER BY {order.outer} LIMIT {wanted:d}",
        (*every.params, *order.beyond.params),
    )
    rows = cursor.fetchall()
    return [row[:-1] for row in rows], rows[0][-1] if rows and bound is None else None
