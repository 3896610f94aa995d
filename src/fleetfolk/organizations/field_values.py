"""The values of an organization's own fields: read from what was typed, kept as JSON, shown to people."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Final
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from fleetfolk.organizations.models import CustomField, FieldKind

Value = str | bool | None
"""Numbers are kept as text, so that none of their digits is lost; dates as ISO 8601; None is not set."""

LONGEST_TEXT: Final = 200
LONGEST_LINK: Final = 500
MOST_DIGITS: Final = 20

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)
_DIRECTIONS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_YES, _NO = "yes", "no"


class UnfitValue(ValueError):
    """What was typed does not fit the field; ``sentence`` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def clean_value(field: CustomField, text: str) -> Value:
    """The value that is kept for what was typed. Raises `UnfitValue`."""
    text = _one_line(text)
    if not text:
        if field.required:
            raise UnfitValue(_("%(field)s cannot be empty.") % {"field": field.name})
        return None
    return _READERS[FieldKind(field.kind)](field, text)


def as_typed(value: Value) -> str:
    """The kept value as a form shows it."""
    if isinstance(value, bool):
        return _YES if value else _NO
    return value or ""


def fits(field: CustomField, value: Value) -> bool:
    """Whether this may be kept for the field: exactly what `clean_value` makes of it."""
    try:
        return clean_value(field, as_typed(value)) == value
    except UnfitValue:
        return False


def _one_line(text: str) -> str:
    seen = "".join(
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", text)
        if character.isspace() or (unicodedata.category(character) != "Cc" and character not in _DIRECTIONS)
    )
    return " ".join(seen.split())


def _short(text: str, longest: int) -> str:
    if len(text) > longest:
        raise UnfitValue(_("This is too long: use %(count)s characters at most.") % {"count": longest})
    return text


def _text(field: CustomField, text: str) -> str:
    return _short(text, LONGEST_TEXT)


def _number(field: CustomField, text: str) -> str:
    plain = text.replace(" ", "").replace("\N{MINUS SIGN}", "-")
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        raise UnfitValue(_("This is not a number. Write it like 1250 or 12.5."))
    if sum(character.isdigit() for character in plain) > MOST_DIGITS:
        raise UnfitValue(_("This number has too many digits: %(count)s at most.") % {"count": MOST_DIGITS})
    return format(Decimal(plain), "f")


def _date(field: CustomField, text: str) -> str:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise UnfitValue(_("This is not a date. Write it like 2026-12-31.")) from error
    return day.isoformat()


def _choice(field: CustomField, text: str) -> str:
    if text not in field.choices:
        raise UnfitValue(_("Choose one of the list."))
    return text


def _switch(field: CustomField, text: str) -> bool:
    if text not in (_YES, _NO):
        raise UnfitValue(_("Choose yes or no."))
    return text == _YES


def _link(field: CustomField, text: str) -> str:
    _short(text, LONGEST_LINK)
    try:
        parts = urlsplit(text)
        host, user = parts.hostname, parts.username
    except ValueError:
        host, user = None, None
    if " " in text or _leads_elsewhere(text) or not host or user is not None:
        raise UnfitValue(_("This is not an address. It begins with https:// or http://."))
    return text


def _leads_elsewhere(text: str) -> bool:
    """Whether the address leads elsewhere than to a page on the web."""
    return not text.lower().startswith(("https://", "http://"))


_READERS: Final[dict[FieldKind, Callable[[CustomField, str], Value]]] = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _date,
    FieldKind.CHOICE: _choice,
    FieldKind.SWITCH: _switch,
    FieldKind.LINK: _link,
}
