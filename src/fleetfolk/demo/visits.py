"""When the demo world's people sign in: a daily rhythm at work, a weekly one at home, in their own time zone.

``visits(life, now, rng)``   the moments at which somebody signed in after the first time, oldest first, in UTC.

Most people stay signed in for days, so this is less often than they look in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from fleetfolk.demo.hours import AWAKE, Hours, moment, on_day
from fleetfolk.demo.lives import Life
from fleetfolk.demo.people import Person
from fleetfolk.demo.places import organization

_DAY = timedelta(days=1)

# Whoever signed in within this time is still Active.
RECENT = 25 * _DAY


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rhythm:
    """The chance of a sign-in on each day of the week, Monday first, and the hours at which it comes."""

    chances: tuple[float, ...]
    weekday_hours: tuple[Hours, ...]
    weekend_hours: tuple[Hours, ...]


def _rhythm(person: Person, rng: Random) -> _Rhythm:
    """How somebody with that role in that kind of organization lives."""
    where = organization(person.organization)
    if person.role == "user":
        favourite = rng.randrange(7)
        often, seldom = (0.8, 0.16) if person.is_cast else (0.42, 0.03)
        chances = tuple(often if day == favourite else seldom for day in range(7))
        return _Rhythm(
            chances=chances, weekday_hours=((6.7, 8.2), (17.5, 22.5), (18.5, 22)), weekend_hours=((8.5, 22.3),)
        )
    if where.kind == "installer":
        chances = (0.24, 0.2, 0.2, 0.2, 0.16, 0.07, 0.01)
        return _Rhythm(chances=chances, weekday_hours=((6.3, 8), (15.5, 18)), weekend_hours=((8, 13),))
    if where.sector == "hotel":
        chances = (0.14, 0.12, 0.12, 0.12, 0.16, 0.14, 0.1)
        return _Rhythm(chances=chances, weekday_hours=((6.5, 9.5), (13.5, 21.5)), weekend_hours=((6.8, 21),))
    chance = 0.14 if where.kind == "client" else 0.24
    chances = (chance * 1.4, chance, chance, chance, chance * 0.7, 0.01, 0.01)
    return _Rhythm(chances=chances, weekday_hours=((7.4, 9.4), (7.6, 9), (12.8, 14.5)), weekend_hours=((10, 17),))


def visits(life: Life, now: datetime, rng: Random) -> Iterator[datetime]:
    """Every later sign-in of a life; whoever ends active has been there lately."""
    if life.accepted is None:
        return
    person = life.person
    rhythm = _rhythm(person, rng)
    found = []
    day = life.accepted
    while day < life.last + _DAY:
        weekday = day.astimezone(ZoneInfo(person.time_zone)).weekday()
        if rng.random() < rhythm.chances[weekday]:
            hours = rng.choice(rhythm.weekday_hours if weekday < 5 else rhythm.weekend_hours)
            at = on_day(day, person.time_zone, hours, rng)
            if life.may_sign_in(at):
                found.append(at)
        day += _DAY
    if person.ending == "active" and max([life.accepted, *found]) < now - RECENT:
        after = max(now - RECENT, life.away[1] if life.away else now - RECENT)
        found.append(moment(after, now, person.time_zone, rng, hours=AWAKE, workdays=False))
    yield from sorted(found)
