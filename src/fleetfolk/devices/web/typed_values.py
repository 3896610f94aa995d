"""Values of datastreams and metadata fields as people type and read them."""

import re
from typing import Any

from django.utils.translation import gettext

from fleetfolk.devices.models import MetadataKind, StreamKind
from fleetfolk.devices.template_parts import NUMBERS, Choice

CHOICE = re.compile(r"([+-]?\d{1,10})[\s:=–-]*\s(.+?)(?:\s+#([1-9]))?")
_ON, _OFF = frozenset({"on", "true", "1", "yes"}), frozenset({"off", "false", "0", "no"})


def plain(number: float | None) -> float | int | None:
    """5 for 5.0, as people type it."""
    return int(number) if number is not None and number == int(number) and abs(number) < 2**53 else number


def choice_line(choice: Choice) -> str:
    """The entry as it is typed: its number, its word, and a colour that is not the usual one."""
    return f"{choice.value} {choice.label}" + (f" #{choice.colour}" if choice.colour != 1 else "")


def shown(value: Any) -> str:
    """The value as it is typed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("on") if value else gettext("off")
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    return str(plain(value) if isinstance(value, float) else value)


def typed_value(kind: str, text: str) -> Any:
    """The text as a value of a datastream or metadata field; what it cannot be, its facts refuse."""
    text = text.strip()
    if not text:
        return None
    if kind in (StreamKind.BOOLEAN, MetadataKind.SWITCH):
        word = text.casefold()
        if word in _ON | {gettext("on").casefold()}:
            return True
        return False if word in _OFF | {gettext("off").casefold()} else text
    if kind in (*NUMBERS, StreamKind.ENUMERABLE, MetadataKind.NUMBER):
        return _number(text)
    if kind in (StreamKind.LOCATION, MetadataKind.COORDINATES):
        parts = [_number(part) for part in text.split(",")]
        return parts if len(parts) == 2 else text
    return text


def _number(text: str) -> int | float | str:
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text
