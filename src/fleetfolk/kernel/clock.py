"""What time it is, for every change and every entry of the log.

Actions ask `now`, never the system, so that a story can be told at its own time (`at`): the demo world and the tests
do. Nothing else about a change can be made believe.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_moment: ContextVar[dt.datetime | None] = ContextVar("moment", default=None)


def now() -> dt.datetime:
    """The moment, in UTC: the present, or the one set by `at`."""
    return _moment.get() or dt.datetime.now(dt.UTC)


@contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """It is this moment (aware) for whatever is done inside."""
    if moment.tzinfo is None:
        raise ValueError("A moment without a time zone is not a moment.")
    token = _moment.set(moment.astimezone(dt.UTC))
    try:
        yield
    finally:
        _moment.reset(token)
