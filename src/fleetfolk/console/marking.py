"""Where the words of a search occur in a text, as the database's search sees it: case, accents and punctuation ignored."""

import functools
import re
import unicodedata
from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

ANYWHERE_FROM = 3  # A shorter word is looked for at the beginning of a word only.

# Letters that Unicode does not take apart into a base letter and an accent.
LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}


@functools.cache
def folded_character(character: str) -> str:
    """The letters and digits a search compares for one character; a space for what separates words, '' for an accent."""
    folded = []
    for part in unicodedata.normalize("NFKD", character.casefold()):
        if unicodedata.category(part).startswith("M"):
            continue
        if part in LETTERS:
            folded.append(LETTERS[part])
        else:
            folded.append(part if part.isalnum() else " ")
    return "".join(folded)


@functools.lru_cache(maxsize=512)
def words_of(query: str) -> tuple[str, ...]:
    """The words of a query, folded, without repetition, in the order typed."""
    return tuple(dict.fromkeys("".join(map(folded_character, query)).split()))


def _pattern(word: str) -> str:
    if len(word) < ANYWHERE_FROM:
        return rf"(?<!\S){re.escape(word)}"
    if word.isdecimal():
        return " ?".join(word)  # A telephone number is found without the spaces that it is shown with.
    return re.escape(word)


@functools.lru_cache(maxsize=512)
def _patterns(words: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(_pattern(word)) for word in words)


def _fold_with_origin(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the place in the text that it came from."""
    folded: list[str] = []
    origin: list[int] = []
    for place, character in enumerate(text):
        for part in folded_character(character):
            folded.append(part)
            origin.append(place)
    return "".join(folded), origin


def spans_of(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Places in the text, as (start, end), in order and without overlap, where one of the folded words occurs."""
    if not text or not words:
        return []
    folded, origin = _fold_with_origin(text)
    found = sorted(
        (origin[match.start()], origin[match.end() - 1] + 1)
        for pattern in _patterns(tuple(words))
        for match in pattern.finditer(folded)
    )
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return [(start, _with_accents(text, end)) for start, end in merged]


def _with_accents(text: str, end: int) -> int:
    """The end moved past combining accents, so that a mark never splits a letter from its accent."""
    while end < len(text) and unicodedata.category(text[end]).startswith("M"):
        end += 1
    return end


def marked(text: str, words: Sequence[str]) -> SafeString:
    """The text as HTML, escaped, with each place where one of the folded words occurs inside <mark>."""
    pieces: list[str] = []
    at = 0
    for start, end in spans_of(text, words):
        pieces += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    pieces.append(escape(text[at:]))
    return mark_safe("".join(pieces))  # noqa: S308  Every piece of the text above is escaped.
