"""Whether an error means that a disk is full: the database's, or the one with our files."""

import errno
from typing import Final

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_DATABASE_FULL: Final = "53100"
"""PostgreSQL's `disk_full`."""


class NoRoom(Exception):
    """Nothing more can be written for now; what was begun may be tried again."""


def no_room(error: BaseException | None) -> bool:
    """Whether it, or what it came from, says that there is no room left."""
    while error is not None:
        if isinstance(error, NoRoom) or (isinstance(error, OSError) and error.errno in _FULL):
            return True
        if getattr(error, "sqlstate", None) == _DATABASE_FULL:
            return True
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return False
