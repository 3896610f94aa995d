"""The letters and the colour that stand for somebody without a picture."""

import functools
import unicodedata

COLOURS = 6


def initials_of(name: str) -> str:
    """One or two letters: of the first and the last word, or of the first alone in a script that has no capitals."""
    letters = [_first_letter(word) for word in name.split()]
    letters = [letter for letter in letters if letter]
    if not letters:
        return "?"
    if not _has_case(letters[0]) or len(letters) == 1:
        return letters[0].upper()
    return (letters[0] + letters[-1]).upper()


def colour_of(identity: int) -> str:
    """The class of the colour that this id keeps for ever."""
    return f"c{identity % COLOURS + 1}"


@functools.lru_cache(maxsize=8192)
def _first_letter(word: str) -> str:
    """The first letter or digit of the word with its accents: 'É' written as two characters stays whole."""
    composed = unicodedata.normalize("NFC", word)
    for place, character in enumerate(composed):
        if character.isalnum():
            end = place + 1
            while end < len(composed) and unicodedata.category(composed[end]).startswith("M"):
                end += 1
            return composed[place:end]
    return ""


def _has_case(letter: str) -> bool:
    return letter.upper() != letter.lower()
