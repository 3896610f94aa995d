"""In which time zones a clock shows a time already."""

import datetime as dt
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

FIRST_ZONE: Final = dt.timedelta(hours=14)
"""So much earlier than in UTC a time comes where it comes first."""
LAST_ZONE: Final = dt.timedelta(hours=12)
"""So much later than in UTC it comes where it comes last."""


def zones_at(wall: dt.datetime, now: dt.datetime) -> list[str] | None:
    """The zones whose clocks show the wall time, or a later one. None stands for all that there are.

    ``wall`` is a date and clock time, given in UTC.
    """
    if now >= wall + LAST_ZONE:
        return None
    plain = wall.replace(tzinfo=None)
    return [zone.key for zone in _zones() if now.astimezone(zone).replace(tzinfo=None) >= plain]


@cache
def _zones() -> tuple[ZoneInfo, ...]:
    return tuple(ZoneInfo(name) for name in sorted(available_timezones()))
