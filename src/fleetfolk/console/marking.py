"""Where the words of a search occur in a text. The database's `fold()` decides what matches; this shows where."""

import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from html import escape

from django.utils.safestring import SafeString

ANYWHERE_FROM = 3  # A shorter word is looked for at the beginning of a word only.
MOST_WORDS = 8

_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0640\u064b-\u065f\u0670]+")
_LETTERS = str.maketrans("łøđðħŧı", "loddhti", "") | str.maketrans({"æ": "ae", "œ": "oe", "þ": "th"})
_IDEOGRAPHS = re.compile("[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_VIRAMA = 9  # Unicode's combining class of the sign that kills a vowel: it separates, other signs are part of a word.


@functools.cache
def folded_character(character: str) -> str:
    """What a search compares for one character: letters and digits, a space between words, '' for an accent."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", character))
    folded = unicodedata.normalize("NFKC", plain.casefold()).translate(_LETTERS)
    return "".join(map(_letter_or_space, folded))


def _letter_or_space(character: str) -> str:
    if _IDEOGRAPHS.match(character):
        return f" {character} "  # Each is a word of its own: Chinese and Japanese are written without spaces.
    if character.isalnum():
        return character
    sign = unicodedata.category(character).startswith("M") and unicodedata.combining(character) != _VIRAMA
    return character if sign else " "


def folded(text: str) -> str:
    """The text as searches compare it."""
    return " ".join("".join(map(folded_character, unicodedata.normalize("NFC", text))).split())


@functools.lru_cache(maxsize=512)
def words_of(query: str) -> tuple[str, ...]:
    """What a query looks for: the pieces typed between spaces, folded, each once; of a telephone number the digits."""
    words: dict[str, None] = {}
    for piece in query.split()[:MOST_WORDS]:
        parts = "".join(map(folded_character, unicodedata.normalize("NFC", piece))).split()
        digits = "".join(parts)
        word = digits if digits.isdigit() else " ".join(parts)
        if word:
            words[word] = None
    return tuple(words)


@functools.lru_cache(maxsize=512)
def _pattern(word: str) -> re.Pattern[str]:
    """Finds a word that a text may show with spaces inside. It looks ahead, so that what overlaps is found, too."""
    if word.isdigit():
        # A telephone number is stored as +49151…, shown with or without spaces, and typed as 0151….
        return re.compile(f"(?=({'0? *' if word.startswith('0') else ''}{' *'.join(word.removeprefix('0'))}))")
    parts = word.split()
    begins = r"(?<!\S)" if len(parts[0]) < ANYWHERE_FROM else ""
    return re.compile(f"(?=({begins}{' +'.join(map(re.escape, parts))}))")


def _places(folded: str, word: str) -> Iterator[tuple[int, int]]:
    """Where the word begins and ends in the folded text."""
    if " " in word or (word.isdigit() and len(word) >= ANYWHERE_FROM):
        yield from (match.span(1) for match in _pattern(word).finditer(folded))
        return
    start = folded.find(word)
    while start >= 0:
        if len(word) >= ANYWHERE_FROM or start == 0 or folded[start - 1] == " ":
            yield start, start + len(word)
        start = folded.find(word, start + 1)


_ASCII = str.maketrans({chr(code): folded_character(chr(code)) for code in range(128)})


def _fold_with_origin(text: str) -> tuple[str, Sequence[int]]:
    """The folded text, and for each of its characters the place in the text that it came from."""
    if text.isascii():
        return text.translate(_ASCII), range(len(text))
    parts = [folded_character(character) for character in text]
    return "".join(parts), [place for place, part in enumerate(parts) for _ in part]


def spans_of(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Places in the text (in NFC), as (start, end), in order and apart, where one of the folded words occurs."""
    if not text or not words:
        return []
    folded, origin = _fold_with_origin(text)
    found = sorted(
        (origin[start], origin[end - 1] + 1) for word in words for start, end in _places(folded, word) if end > start
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


@functools.lru_cache(maxsize=4096)
def marked(text: str, words: Sequence[str]) -> SafeString:
    """The text as HTML, escaped, with each place where one of the folded words (a tuple) occurs inside <mark>.

    Roles, places and organizations come again in row after row, so what was marked is kept.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    spans = spans_of(text, words)
    if not spans:
        return SafeString(escape(text))
    pieces: list[str] = []
    at = 0
    for start, end in spans:
        pieces += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    pieces.append(escape(text[at:]))
    return SafeString("".join(pieces))
