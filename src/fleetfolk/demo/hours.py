"""When the people of the demo world are awake: moments that suit somebody's own time zone.

``moment(after, before, zone, rng, ...)``   a moment in that window, in UTC; the window wins over the hours of the day.
``on_day(day, zone, hours, rng)``           a moment within these hours of that day there.
``is_within(at, zone, hours)``              whether it is that time of day there.
``is_workday(at, zone)``                    whether it is Monday to Friday there.
"""

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

type Hours = tuple[float, float]

OFFICE: Hours = (8.0, 17.5)
AWAKE: Hours = (6.5, 22.75)


def is_within(at: datetime, zone: str, hours: Hours) -> bool:
    """Whether that moment falls into these hours of the day in that zone."""
    local = at.astimezone(ZoneInfo(zone))
    return hours[0] <= local.hour + local.minute / 60 < hours[1]


def is_workday(at: datetime, zone: str) -> bool:
    """Whether that moment falls on Monday to Friday in that zone."""
    return at.astimezone(ZoneInfo(zone)).weekday() < 5


def on_day(day: datetime, zone: str, hours: Hours, rng: Random) -> datetime:
    """A moment within these hours on the local day into which ``day`` falls, in UTC."""
    midnight = day.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    chosen = midnight + timedelta(hours=rng.uniform(*hours))
    return chosen.astimezone(UTC).replace(microsecond=rng.randrange(1_000_000))


def moment(
    after: datetime,
    before: datetime,
    zone: str,
    rng: Random,
    *,
    hours: Hours = OFFICE,
    workdays: bool = True,
    skew: float = 1.0,
) -> datetime:
    """A moment between ``after`` and ``before``, in UTC, within these hours there where the window has such a time.

    A skew above 1 prefers the beginning of the window.
    """
    if before <= after:
        raise ValueError(f"The window ends at {before} before it begins at {after}.")
    for attempt in range(120):
        desperate = attempt >= 80
        day = after + (before - after) * rng.random() ** skew
        chosen = on_day(day, zone, AWAKE if desperate else hours, rng)
        if after < chosen < before and (desperate or not workdays or is_workday(chosen, zone)):
            return chosen
    return after + (before - after) * rng.uniform(0.05, 0.95)
