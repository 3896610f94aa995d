"""Whether an error means that the database is away for a moment, and not that somebody made a mistake."""

from typing import Final

from django.db import InterfaceError, OperationalError

RETRY_AFTER: Final = 5
"""Seconds after which it is worth asking again."""
ROOM_AFTER: Final = 60
"""The same where a disk is full: somebody has to make room."""

_CLASSES: Final = ("08", "53", "57P")
"""No connection; nothing left (disk, memory, connections); the server is shutting down or starting."""
_READ_ONLY: Final = "25006"
"""The server has become a standby."""


def database_is_away(error: BaseException | None) -> bool:
    """Whether the same request may well succeed a moment later: the server ends, starts, moves or has no room."""
    while error is not None:
        state = getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None)
        if state is not None:
            return str(state).startswith(_CLASSES) or state == _READ_ONLY
        if isinstance(error, OperationalError | InterfaceError):
            return True
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return False
