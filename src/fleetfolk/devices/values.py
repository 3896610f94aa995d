"""What a datastream takes and shows: texts and JSON become checked values, values become words. No database.

A value is an int, float, str, bool, or `[longitude, latitude]`. Numbers beyond the datastream's range are cropped to
it; whatever does not fit the type is refused.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.formats import number_format
from django.utils.translation import gettext as _

type Value = int | float | str | bool | list[float]

LEAST_INTEGER, LARGEST_INTEGER = -(2**31), 2**31 - 1
LARGEST_NUMBER = 1e300
"""Beyond it a minute's sum could overflow."""
LONGEST_STRING = 1024
"""Bytes of UTF-8."""
PINS = 256

NUMBER = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,3})?", re.ASCII)
TRUTHS = {"1": True, "true": True, "on": True, "0": False, "false": False, "off": False}
NUMERIC = frozenset({"integer", "double", "enumerable", "boolean"})
"""The kinds whose history is numbers."""


class WrongValue(ValueError):
    """The value does not fit the datastream's type."""


class Described(Protocol):
    """A datastream's row, or whatever has its columns."""

    pk: Any
    pin: Any
    name: Any
    alias: Any
    kind: Any
    minimum: Any
    maximum: Any
    default_value: Any
    decimals: Any
    keep_raw: Any
    sync: Any
    writable: Any
    units: Any
    choices: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Stream:
    """A datastream as far as its values are concerned."""

    id: int
    pin: int
    name: str
    kind: str
    alias: str = ""
    minimum: float | None = None
    maximum: float | None = None
    default: Value | None = None
    decimals: int | None = None
    keep_raw: bool = False
    sync: bool = False
    writable: bool = True
    units: str = ""
    choices: Sequence[Mapping[str, Any]] = ()

    @classmethod
    def of(cls, row: Described) -> "Stream":
        """The datastream of a row."""
        return cls(
            id=row.pk,
            pin=row.pin,
            name=row.name,
            kind=row.kind,
            alias=row.alias,
            minimum=row.minimum,
            maximum=row.maximum,
            default=row.default_value,
            decimals=row.decimals,
            keep_raw=row.keep_raw,
            sync=row.sync,
            writable=row.writable,
            units=row.units,
            choices=row.choices or (),
        )

    @property
    def numeric(self) -> bool:
        """Whether its history is numbers."""
        return self.kind in NUMERIC


def parse(stream: Stream, texts: Sequence[str]) -> Value:
    """The value that a device or a person wrote as text; a place is two texts, or one with a comma.

    Raises `WrongValue` where the texts are not of the stream's type.
    """
    if stream.kind == "location":
        parts = texts[0].split(",") if len(texts) == 1 else texts
        return _place([_number(part) for part in parts])
    if len(texts) != 1:
        raise WrongValue
    text = texts[0]
    match stream.kind:
        case "string":
            return _string(text)
        case "boolean":
            truth = TRUTHS.get(text.strip().lower())
            if truth is None:
                raise WrongValue
            return truth
        case "double":
            return _cropped(stream, _number(text))
        case "integer" | "enumerable":
            return _whole(stream, _number(text))
        case _:
            raise WrongValue


def take(stream: Stream, given: object) -> Value:
    """The value that a device sent as JSON. Raises `WrongValue` where it is not of the stream's type."""
    match given:
        case str():
            return parse(stream, [given])
        case bool() if stream.kind == "boolean":
            return given
        case list() if stream.kind == "location" and all(map(_is_number, given)):
            return _place([float(part) for part in given])
        case int() | float() if _is_number(given):
            return _taken(stream, given)
        case _:
            raise WrongValue


def _taken(stream: Stream, given: float) -> Value:
    number = _finite(given)
    match stream.kind:
        case "double":
            return _cropped(stream, number)
        case "integer" | "enumerable":
            return _whole(stream, number)
        case "boolean" if number in {0, 1}:
            return bool(number)
        case "string":
            return _string(str(given))
        case _:
            raise WrongValue


def written(stream: Stream, value: Value) -> str:
    """The value as plain text, as devices read it."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, list):
        return ",".join(str(part) for part in value)
    if isinstance(value, float) and stream.decimals is not None:
        return f"{value:.{stream.decimals}f}"
    return str(value)


def shown(stream: Stream, value: Value | None) -> str:
    """The value as a person reads it: in words, with decimals and units. Empty where there is none."""
    if value is None:
        return ""
    if isinstance(value, list):
        longitude, latitude = value
        return f"{_rounded(latitude, 5)}, {_rounded(longitude, 5)}"
    if isinstance(value, bool):
        return _("On") if value else _("Off")
    if isinstance(value, str):
        return value
    if stream.kind == "enumerable":
        labels = (str(choice["label"]) for choice in stream.choices if choice.get("value") == value)
        return next(labels, str(value))
    number = _plain(value) if stream.decimals is None else _rounded(value, stream.decimals)
    return f"{number} {stream.units}" if stream.units else number


def as_number(value: Value) -> float | None:
    """The value as its history keeps it; None for texts and places."""
    return float(value) if isinstance(value, int | float) else None


def as_text(value: Value) -> str:
    """A text or a place as its history keeps it."""
    return f"{value[0]},{value[1]}" if isinstance(value, list) else str(value)


def _rounded(value: float, decimals: int) -> str:
    # number_format cuts off what is too much.
    return number_format(f"{value:.{decimals}f}", decimals, force_grouping=True)


def _plain(value: float) -> str:
    """With as many decimals as it needs, six at most."""
    if isinstance(value, int) or abs(value) >= 1e15:
        return number_format(value, force_grouping=True)
    text = f"{value:.6f}".rstrip("0")
    return number_format(value, len(text.partition(".")[2]), force_grouping=True)


def _is_number(given: object) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool)


def _number(text: str) -> float:
    text = text.strip()
    if not NUMBER.fullmatch(text):
        raise WrongValue
    return _finite(int(text) if text.isdecimal() else float(text))


def _finite(given: Any) -> float:
    try:
        number = float(given)
    except OverflowError:
        raise WrongValue from None
    if not abs(number) <= LARGEST_NUMBER:
        raise WrongValue
    return number


def _cropped(stream: Stream, number: float) -> float:
    if stream.minimum is not None and number < stream.minimum:
        return float(stream.minimum)
    if stream.maximum is not None and number > stream.maximum:
        return float(stream.maximum)
    return number + 0.0  # Without the sign of a negative zero.


def _whole(stream: Stream, number: float) -> int:
    if number != math.floor(number):
        raise WrongValue
    whole = int(number)
    if stream.kind == "enumerable":
        if all(choice.get("value") != whole for choice in stream.choices):
            raise WrongValue
        return whole
    least = LEAST_INTEGER if stream.minimum is None else max(LEAST_INTEGER, math.ceil(stream.minimum))
    largest = LARGEST_INTEGER if stream.maximum is None else min(LARGEST_INTEGER, math.floor(stream.maximum))
    return min(max(whole, least), largest)


def _place(parts: Sequence[float]) -> list[float]:
    if len(parts) != 2 or not (-180 <= parts[0] <= 180 and -90 <= parts[1] <= 90):
        raise WrongValue
    return [parts[0], parts[1]]


def _string(text: str) -> str:
    if "\0" in text:
        raise WrongValue
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise WrongValue from None
    if size > LONGEST_STRING:
        raise WrongValue
    return text
