"""How often, and how long after, the worker tries a task again that failed."""

from typing import Final

from django.db import InterfaceError, OperationalError
from procrastinate import RetryStrategy

from fleetfolk.kernel.room import NoRoom

LOST_CONNECTION: Final = (OperationalError, InterfaceError)

PATIENTLY: Final = RetryStrategy(max_attempts=8, exponential_wait=4)
"""Whatever it was, after 4 s, 16 s, a minute and so on, for most of a day: a mail server that is away, say."""

_PASSES: Final = (*LOST_CONNECTION, NoRoom)
ONCE_DATABASE_IS_BACK: Final = RetryStrategy(max_attempts=6, exponential_wait=3, retry_exceptions=_PASSES)
"""Only a database that went away, or a disk that is full, for six minutes: for what tells of its defects itself, or
comes by the clock."""
