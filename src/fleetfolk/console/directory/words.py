"""The words that somebody typed: what has each of them in its text, its address or its tags."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from fleetfolk.console.directory.asked import Cursor, Table, Wanted
from fleetfolk.console.sql import Sql, all_of
from fleetfolk.kernel.statements import planned_once

_NO_WORD: Final = re.compile("[^a-z0-9]+")
TOKENS: Final = 8


@dataclass(frozen=True, slots=True)
class Word:
    """A word typed: what has it in its text, the word as it would stand in a sort key, and the tags that have it."""

    term: Sql
    text: str
    pattern: str = ""  # empty where the beginning of an address was typed
    tag_ids: tuple[int, ...] = ()


def words_typed(cursor: Cursor, listing: Wanted) -> list[Word]:
    """The words typed, each once."""
    tokens = listing.typed.split()[:TOKENS]
    if not tokens:
        return []
    words: dict[str, Word] = {}
    for token, folded in zip(tokens, _folded(tokens), strict=True):
        digits = folded.replace(" ", "")
        word = digits if digits.isdecimal() else folded
        if listing.table.address and "@" in token[1:] and _begins_an_address(cursor, listing, token.lower()):
            words[token.lower()] = Word(Sql(f"{listing.table.address} ^@ %s", (token.lower(),)), token.lower())
        elif word:
            # Folded text is letters, digits and single spaces: nothing in it is special to LIKE.
            anywhere = len(word.split()[0]) > 2
            pattern = f"%{word}%" if anywhere else f"% {word}%"
            words[word] = Word(Sql("search_text LIKE %s", (pattern,)), word, pattern)
    return _with_tags(listing, list(words.values()))


def _with_tags(listing: Wanted, words: Sequence[Word]) -> list[Word]:
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
        terms.append(Sql("(reach && %s::bigint[]) IS TRUE", (tops(listing.branches),)))
    if listing.hides:
        terms.append(Sql(listing.table.shown))
    where = all_of(terms)
    cursor.execute(f"SELECT EXISTS (SELECT FROM {listing.table.name} WHERE {where.text})", where.params)
    ((found,),) = cursor.fetchall()
    return bool(found)


def is_address(table: Table, term: Sql) -> bool:
    return bool(table.address) and term.text == f"{table.address} ^@ %s"


def tops(branches: Sequence[str]) -> list[int]:
    """The organizations with which the branches begin: the last key of each path."""
    return [int(path.rstrip(".").split(".")[-1]) for path in branches]
