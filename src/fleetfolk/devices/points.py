"""How many past values can be brought at once, and how old they may be: whether a device brings them or a program."""

from typing import Final

MOST_POINTS: Final = 10_000
OLDEST_MS: Final = 92 * 24 * 3600 * 1000
AHEAD_MS: Final = 5 * 60 * 1000
"""Clocks of devices go wrong. What is further ahead is refused."""


def is_in_time(at_ms: int, now_ms: int) -> bool:
    """Whether a value of that moment can be brought now."""
    return now_ms - OLDEST_MS <= at_ms <= now_ms + AHEAD_MS
