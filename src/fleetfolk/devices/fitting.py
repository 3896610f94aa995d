"""Whether a value fits what should hold it: numbers, texts, places, and what metadata fields keep."""

import unicodedata
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.dateparse import parse_date

from fleetfolk.devices.models import MetadataKind
from fleetfolk.devices.values import NUMBER, TRUTHS

MOST = 1e300
LONGEST_TEXT = 1024
"""The bytes that a text value may have."""


def is_number(value: object) -> bool:
    """Whether it is a number that the database can keep."""
    return not isinstance(value, bool) and isinstance(value, int | float) and -MOST <= value <= MOST


def is_text(value: object) -> bool:
    """Whether it is text that a datastream can hold."""
    if not isinstance(value, str) or "\0" in value:
        return False
    try:
        return len(value.encode()) <= LONGEST_TEXT
    except UnicodeEncodeError:  # Half of a surrogate pair.
        return False


def is_position(value: object) -> bool:
    """Whether it is ``[longitude, latitude]``."""
    if not isinstance(value, list | tuple) or len(value) != 2 or not all(is_number(one) for one in value):
        return False
    return bool(-180 <= value[0] <= 180 and -90 <= value[1] <= 90)


def typed_metadata(kind: str, text: str) -> Any:
    """The text as a value of a metadata field of this kind; what it is not stays text, which does not fit."""
    match kind:
        case MetadataKind.SWITCH:
            return TRUTHS.get(text.lower(), text)
        case MetadataKind.NUMBER:
            return float(text) if NUMBER.fullmatch(text) else text
        case MetadataKind.COORDINATES:
            parts = text.split(",")
            return [float(part) for part in parts] if all(NUMBER.fullmatch(part) for part in parts) else text
        case _:
            return text


def fits_metadata(kind: str, value: object, choices: Sequence[str] = ()) -> bool:  # noqa: PLR0911 - one line a kind
    """Whether a metadata field of this kind can hold the value."""
    if kind == MetadataKind.SWITCH:
        return isinstance(value, bool)
    if kind == MetadataKind.NUMBER:
        return is_number(value)
    if kind == MetadataKind.COORDINATES:
        return is_position(value)
    if not isinstance(value, str) or not is_one_line(value) or len(value) > LONGEST_TEXT:
        return False
    if kind == MetadataKind.LIST:
        return value in choices
    if kind == MetadataKind.TIME_ZONE:
        return value in available_timezones()
    if kind == MetadataKind.EMAIL:
        return _is_email(value)
    if kind == MetadataKind.DATE:
        return _is_date(value)
    if kind == MetadataKind.LINK:
        return _is_link(value)
    return True


def _is_email(value: str) -> bool:
    try:
        validate_email(value)
    except ValidationError:
        return False
    return True


def _is_date(value: str) -> bool:
    try:
        return parse_date(value) is not None
    except ValueError:
        return False


def _is_link(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def is_one_line(text: str) -> bool:
    """Whether all of it can be seen, in one line."""
    return text.isprintable() and text == text.strip()


def tidy(text: str) -> str:
    """The text composed (NFC), in one line, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())
