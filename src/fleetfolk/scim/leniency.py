"""What directories leave out, or send in a way of their own, is put right before it is read.

RFC 7644 asks a server to be lenient (3.12, 3.5.2). Anything else that does not fit is refused.
"""

import json
from collections.abc import Callable
from typing import Any, Final

from scim2_models import InvalidSyntaxException, InvalidValueException

from fleetfolk.scim import resources

LONGEST_TEXT: Final = 1000
"""Characters of a filter, and of the path of an operation: what is longer nobody writes, and costs much to read."""

MOST_BRACKETS: Final = 30
MOST_OPERATIONS: Final = 1000
_DEEPEST: Final = 20


def read_json(body: bytes) -> Any:
    """The body. Raises `InvalidSyntaxException` for what is no JSON, or what no database keeps."""
    try:
        data = json.loads(body, parse_constant=_no_number)
        _require_storable(data, 0)
    except (ValueError, RecursionError) as error:
        raise InvalidSyntaxException(detail="The body is no JSON that can be kept.") from error
    return data


def _no_number(word: str) -> None:
    raise ValueError(word)


def _require_storable(value: object, depth: int) -> None:
    if depth > _DEEPEST:
        raise ValueError("too deep")
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError("a zero byte")
        value.encode()
    elif isinstance(value, dict):
        for name, one in value.items():
            _require_storable(name, depth + 1)
            _require_storable(one, depth + 1)
    elif isinstance(value, list):
        for one in value:
            _require_storable(one, depth + 1)


def require_short(text: object) -> None:
    """Refuses a filter or path that is too long, or too deep, to be read."""
    if isinstance(text, str) and (len(text) > LONGEST_TEXT or text.count("(") > MOST_BRACKETS):
        detail = f"A filter or path has at most {LONGEST_TEXT} characters and {MOST_BRACKETS} brackets."
        raise InvalidValueException(detail=detail)


def bounded_patch(data: Any) -> Any:
    """The operations, where they are not too many and each says briefly about what."""
    operations = _at(data, "operations") if isinstance(data, dict) else None
    if isinstance(operations, list):
        if len(operations) > MOST_OPERATIONS:
            raise InvalidValueException(detail=f"At most {MOST_OPERATIONS} operations at a time.")
        for operation in operations:
            if isinstance(operation, dict):
                require_short(_at(operation, "path"))
                if isinstance(value := _at(operation, "value"), dict):
                    for name in value:
                        require_short(name)
    return data


def completed_user(data: Any, current: Callable[[], resources.User | None]) -> Any:
    """A person with what is always told: an address from the userName, a name, and whether they are active.

    ``current`` is the person whom a replacement is about: what is left out of it stays.
    """
    if not isinstance(data, dict):
        return data
    names = {name.casefold(): name for name in data}
    said: Callable[[str], Any] = lambda name: data.get(names.get(name.casefold(), ""))  # noqa: E731
    missing = [name for name in ("name", "active", "emails") if not _is_said(said(name))]
    before = current() if missing else None
    if "active" in missing:
        data[names.get("active", "active")] = before.active if before else True
    if "emails" in missing:
        address = before.emails[0].value if before and before.emails else said("userName")
        data[names.get("emails", "emails")] = [{"value": address, "type": "work", "primary": True}]
    name = said("name") if isinstance(said("name"), dict) else {}
    if not any(_at(name, part) for part in ("familyName", "givenName")):
        data[names.get("name", "name")] = _name(
            before, said("displayName") or _at(name, "formatted") or said("userName")
        )
    elif not _at(name, "familyName"):
        data[names.get("name", "name")] = {"familyName": _at(name, "givenName")}
    return data


def _is_said(value: object) -> bool:
    return value is not None and value not in ([], {})


def _name(before: resources.User | None, display: object) -> dict[str, Any]:
    if before is not None and before.name is not None:
        return {"familyName": before.name.family_name, "givenName": before.name.given_name}
    first, _, last = str(display or "").partition("@")[0].strip()[:60].partition(" ")
    return {"familyName": last, "givenName": first} if last else {"familyName": first}


def _at(data: dict[str, Any], name: str) -> Any:
    """The value under a name, however it is capitalized."""
    return next((value for key, value in data.items() if key.casefold() == name.casefold()), None)
