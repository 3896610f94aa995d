"""A place in a sorted list as text in an address: the sort's values and the key of the row there."""

import base64
import binascii
import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from fleetfolk.console.directory.asked import Key

_READERS: dict[str, Any] = {
    "text": str,
    "smallint": int,
    "integer": int,
    "bigint": int,
    "timestamptz": dt.datetime.fromisoformat,
}
LONGEST = 2000


def write(key: Key) -> str:
    """The place as a short text that is safe in an address."""
    values = [value.isoformat() if isinstance(value, dt.datetime) else value for value in key]
    return base64.urlsafe_b64encode(json.dumps(values, ensure_ascii=False).encode()).decode().rstrip("=")


def read(text: str, *, columns: Sequence[tuple[str, str]]) -> Key | None:
    """The place, or None where the text is none for these columns and their types: a list then begins at the top."""
    if not text or len(text) > LONGEST:
        return None
    kinds = [kind for _column, kind in columns] + ["bigint"]
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(values, list) or len(values) != len(kinds):
            return None
        key = tuple(_value(kind, value) for kind, value in zip(kinds, values, strict=True))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        return None
    return key


def _value(kind: str, value: object) -> object:
    """The value as its column has it; `ValueError` or `TypeError` where it cannot be one."""
    if isinstance(value, bool) or not isinstance(value, str if kind in {"text", "timestamptz"} else int):
        raise TypeError(kind)
    if isinstance(value, str) and "\0" in value.encode().decode():  # Half of a surrogate pair is a UnicodeEncodeError.
        raise ValueError(kind)
    read_value = _READERS[kind](value)
    if isinstance(read_value, dt.datetime) and read_value.tzinfo is None:
        raise ValueError(kind)
    if isinstance(read_value, int) and not -(2**31) <= read_value < 2 ** (
        63 if kind == "bigint" else 15 if kind == "smallint" else 31
    ):
        raise ValueError(kind)
    return read_value
