"""Who matches: one condition for a row at a time, and others by which an index finds the rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from fleetfolk.console.directory.asked import Cursor, Table, Tags, Wanted
from fleetfolk.console.directory.words import Word, is_address, tops, words_typed
from fleetfolk.console.sql import Sql, all_of, any_of

LONG: Final = 8


@dataclass(frozen=True, slots=True)
class Match:
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
        words = [[_unindexed(word)] if word in common else [word] if whole else _pieces(word) for word in self.words]
        return all_of([self.indexed, *(term for word in words for term in word)])

    def ways(self, *, common: frozenset[Sql] = frozenset(), whole: bool = False) -> tuple[Sql, ...]:
        """The conditions for indexes, of which every match fulfils exactly one."""
        by_index = self.by_index(common=common, whole=whole)
        return (by_index,) if self.tagged is None else (by_index, self.tagged)


def match_of(cursor: Cursor, listing: Wanted) -> Match:
    reach, words = [], words_typed(cursor, listing)
    filters = listing.filters
    sought = filters if listing.sought is None else listing.sought
    if listing.homes is not None:
        reach.append(Sql("organization_id = ANY(%s::bigint[])", (list(listing.homes),)))
    typed = tuple(word.term for word in words)
    plain = not filters and not typed
    row = list(reach)
    rare = any(is_address(listing.table, term) for term in typed)
    # tenant_id + 0 guards without an index: "all of the tenant" as one more bitmap would cost more than all else.
    tenant = "tenant_id" if plain or rare or listing.by_state else "tenant_id + 0"
    indexed = [Sql(f"{tenant} = %s", (listing.tenant_id,)), *reach]
    if listing.branches is not None:
        branches = Sql("reach && %s::bigint[]", (tops(listing.branches),))
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
    return Match(
        row=all_of([*row, *filters, *either, *shown]),
        indexed=all_of([*indexed, *sought, *shown]),
        everything=all_of([*indexed, *sought]),
        words=typed,
        word=word,
        rare=rare,
        plain=plain,
        tagged=_tagged(listing.table, words, [Sql("tenant_id = %s", (listing.tenant_id,)), *row, *sought, *shown]),
    )


def condition(cursor: Cursor, listing: Wanted) -> Sql:
    """What every row of the listing fulfils, whatever the page: one condition on the table."""
    match = match_of(cursor, listing)
    where = all_of([match.indexed, *match.words])
    if match.tagged is None:
        return where
    table = listing.table.name
    either = each_way("id", table, (where, match.tagged))
    return replace(either, text=f"{table}.id IN ({either.text})")


def _carries(table: Table, tags: Tags, tag_ids: Sequence[int]) -> Sql:
    """The links from a row to these tags."""
    of_row = f"l.{tags.of} = {table.name}.id"
    return Sql(f"SELECT true FROM {tags.links} l WHERE {of_row} AND l.tag_id = ANY(%s::bigint[])", (list(tag_ids),))


def _in_text_or_tags(table: Table, word: Word) -> Sql:
    """The word, asked of one row. LIMIT keeps the planner from turning it round into all that carry the tags."""
    if table.tags is None or not word.tag_ids:
        return word.term
    carries = _carries(table, table.tags, word.tag_ids)
    return any_of([word.term, replace(carries, text=f"({carries.text} LIMIT 1) IS TRUE")])


def _tagged(table: Table, words: Sequence[Word], where: Sequence[Sql]) -> Sql | None:
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


def each_way(columns: str, source: str, ways: Sequence[Sql]) -> Sql:
    """The rows that are found by one way or another, in no order."""
    return Sql(
        " UNION ALL ".join(f"SELECT {columns} FROM {source} WHERE {way.text}" for way in ways),
        tuple(param for way in ways for param in way.params),
    )


def _unindexed(term: Sql) -> Sql:
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
    return [*(replace(term, params=(f"%{part}%",)) for part in parts), _unindexed(term)]


def _halves(part: str) -> list[str]:
    middle = len(part) // 2
    return [part] if len(part.strip()) < LONG else [part[: middle + 1], part[middle - 1 :]]
