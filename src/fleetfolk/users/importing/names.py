"""A person's name: cleaned, and split in first and last where one column holds all of it."""

import re
import unicodedata

from fleetfolk.users.importing.cells import without_invisible
from fleetfolk.users.importing.problems import RowReason, UnfitValue

_LINE_BREAKS_AND_TABS = frozenset("\t\n\r\v\f\u2028\u2029\u0085")
# Persian and the scripts of India need the two joiners; every other format character only hides or reorders text.
_NEEDED_FORMAT = frozenset("\u200c\u200d")
_COMMA = re.compile(r"[,，、]")
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md", "esq", "dds", "cpa", "mba"})
# Words that begin a last name when they stand before it.
_PARTICLES = frozenset(
    {
        "van",
        "von",
        "vom",
        "zu",
        "zur",
        "zum",
        "der",
        "den",
        "de",
        "del",
        "della",
        "dello",
        "di",
        "da",
        "do",
        "dos",
        "das",
        "du",
        "des",
        "la",
        "le",
        "las",
        "los",
        "lo",
        "al",
        "el",
        "bin",
        "ibn",
        "ben",
        "ter",
        "ten",
        "te",
        "'t",
        "op",
        "af",
        "av",
        "abu",
        "بن",
        "ابن",
        "آل",
    }
)
# The surnames of two syllables; every other Korean surname has one.
_LONG_HANGUL_SURNAMES = ("남궁", "황보", "제갈", "선우", "독고", "사공", "서문")


def clean_text(text: str, *, limit: int) -> str:
    """The text composed (NFC), in one line, with single spaces; raises `UnfitValue` for what cannot be shown safely."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if not text.isprintable():
        text = unicodedata.normalize("NFC", without_invisible(text))
        for character in text:
            _refuse_unsafe(character)
    text = " ".join(text.split())
    refuse_longer(text, limit)
    return text


def refuse_longer(text: str, limit: int) -> None:
    """Raises `UnfitValue` for a text of more characters than the limit."""
    if len(text) > limit:
        raise UnfitValue(RowReason.TOO_LONG, length=len(text), limit=limit)


def _refuse_unsafe(character: str) -> None:
    if character.isprintable() or character in _LINE_BREAKS_AND_TABS or character in _NEEDED_FORMAT:
        return
    # Not printable are: control, format, surrogate, private and unassigned characters, and spaces other than U+0020.
    if unicodedata.category(character) not in {"Zs", "Cn"}:
        raise UnfitValue(RowReason.CONTROL_CHARACTER)


def clean_name(text: str, *, limit: int) -> str:
    """A cleaned name, empty where there is nothing but punctuation (`-`, `.`), as exports write for none."""
    name = clean_text(text, limit=limit)
    return name if name[:1].isalnum() or any(unicodedata.category(character)[0] in "LNSM" for character in name) else ""


def split_name(name: str) -> tuple[str, str]:
    """A cleaned full name as first and last name; nothing is lost, and one word is a first name.

    `Last, First` is turned round, `DUPONT Jean` too; `van der`, `de la`, `bin` and their like belong to the last name,
    `Jr.` and `III` stay with it. Han and kana names are written last name first and split at their space; a Korean one
    is split after its surname.
    """
    if not (match := _COMMA.search(name)):
        return _split_words(name)
    before, after = name[: match.start()].strip(), name[match.end() :].strip()
    if not (before and after):
        return split_name(before or after)
    if after.casefold().replace(".", "") in _SUFFIXES:
        first, last = split_name(before)
        return (first, f"{last} {after}") if last else (before, after)
    return after, before


def _split_words(name: str) -> tuple[str, str]:
    if _EAST_ASIAN.fullmatch(name):
        return _split_east_asian(name)
    words = name.split(" ")
    if len(words) == 1:
        return name, ""
    capitals = _leading_capitals(words)
    if capitals:
        return " ".join(words[capitals:]), " ".join(words[:capitals])
    end = len(words)
    while end > 2 and words[end - 1].casefold().replace(".", "") in _SUFFIXES:
        end -= 1
    start = end - 1
    while start > 1 and words[start - 1].casefold() in _PARTICLES:
        start -= 1
    return " ".join(words[:start]), " ".join(words[start:])


def _leading_capitals(words: list[str]) -> int:
    """How many words at the beginning are a last name in capitals (`DE LA TOUR Anne`), 0 where none or all are."""
    count = 0
    while count < len(words) and len(words[count]) > 1 and words[count].isupper() and "." not in words[count]:
        count += 1
    return count if count < len(words) and any(len(word) > 2 for word in words[:count]) else 0


_EAST_ASIAN = re.compile(
    r"[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff ・]+"
)
# Names from abroad are written in katakana, first name first.
_KATAKANA = re.compile(r"[\u30a0-\u30ff ]+")
_HANGUL = re.compile(r"[\uac00-\ud7a3]{2,5}")


def _split_east_asian(name: str) -> tuple[str, str]:
    if _KATAKANA.fullmatch(name):
        first, _, last = name.replace("・", " ").partition(" ")
        return first, last
    last, space, first = name.partition(" ")
    if space:
        return first, last
    if _HANGUL.fullmatch(name):
        length = 2 if name.startswith(_LONG_HANGUL_SURNAMES) and len(name) > 2 else 1
        return name[length:], name[:length]
    # Where a Chinese or Japanese surname ends cannot be told without a dictionary.
    return name, ""
