"""The small chart above the log: how many actions there were, step by step, and a sentence that says it."""

import datetime as dt
import math
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from fleetfolk.actionlog.queries import counts_over_time
from fleetfolk.actionlog.statements import Reader
from fleetfolk.actionlog.web.state import LogState

HEIGHT = 54
SLOT = 10
MOST_BARS = 400


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """One step: where it stands, how high it is, in the units of the picture, and what it says on hover."""

    x: float
    y: float
    height: float
    says: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """The bars with their scale and words. ``labels`` are moments under the bars, each with its place in percent."""

    bars: list[Bar]
    width: int
    height: int
    top: str
    half: str
    labels: list[tuple[float, str]]
    title: str
    busiest: str
    sentence: str


def chart_of(reader: Reader, state: LogState, *, now: dt.datetime) -> Chart | None:
    """The chart of what the state asks for; None where there is too much to count while somebody waits."""
    zone = timezone.get_current_timezone()
    step = state.step(now=now)
    counts = counts_over_time(reader, state.wanted(now=now), step=step, zone_name=str(zone))
    return None if counts is None else drawn(counts, state, now=now)


def drawn(counts: dict[dt.datetime, int], state: LogState, *, now: dt.datetime) -> Chart:
    """The chart of what was counted, by the naive beginnings of the state's steps."""
    step = state.step(now=now)
    since, until = state.bounds(now=now)
    starts = _starts(since, until if state.own_days else now, step)
    numbers = [counts.get(start, 0) for start in starts]
    highest = max(numbers, default=0)
    top = _round_up(highest)
    total = sum(numbers)
    busiest = starts[numbers.index(highest)] if highest else None
    bars = [
        Bar(
            x=index * SLOT + 1.5,
            y=HEIGHT - number * HEIGHT / top,
            height=number * HEIGHT / top,
            says=_("%(when)s: %(number)s")
            % {"when": _moment(start, step), "number": number_format(number, force_grouping=True)},
        )
        for index, (start, number) in enumerate(zip(starts, numbers, strict=True))
        if number
    ]
    return Chart(
        bars=bars,
        width=len(starts) * SLOT,
        height=HEIGHT,
        top=number_format(top, force_grouping=True),
        half=number_format(top // 2, force_grouping=True) if top % 2 == 0 else "",
        labels=[(place, _moment(start, step)) for place, start in _spread(starts)],
        title=_total(total),
        busiest=_("Busiest: %(when)s (%(number)s)")
        % {"when": _moment(busiest, step), "number": number_format(highest, force_grouping=True)}
        if busiest
        else "",
        sentence=_sentence(total, busiest, highest, step, state.period_text(now=now)),
    )


def _starts(since: dt.datetime, until: dt.datetime, step: dt.timedelta) -> list[dt.datetime]:
    """The beginnings of all steps, by the viewer's clock, counted as the query counts them."""
    first = timezone.localtime(since).replace(tzinfo=None)
    last = timezone.localtime(until - dt.timedelta(microseconds=1)).replace(tzinfo=None)
    origin = first.replace(hour=0, minute=0, second=0, microsecond=0)
    start = origin + (first - origin) // step * step
    starts: list[dt.datetime] = []
    while start <= last and len(starts) < MOST_BARS:
        starts.append(start)
        start += step
    return starts


def _spread(starts: list[dt.datetime]) -> list[tuple[float, dt.datetime]]:
    """At most seven of them, evenly spread, with their places in percent; none so far right that it would not fit."""
    every = max(1, math.ceil(len(starts) / 7))
    places = ((100 * index / len(starts), starts[index]) for index in range(0, len(starts), every))
    return [(place, start) for place, start in places if place <= 94]


def _round_up(number: int) -> int:
    """The end of the scale: 2, 4, 6, 10, 20, 40, 60, 100 …, not below the number."""
    power = 1
    while True:
        for step in (2, 4, 6, 10):
            if step * power >= number:
                return step * power
        power *= 10


def _moment(start: dt.datetime, step: dt.timedelta) -> str:
    form = (
        pgettext("time under a chart", "H:i") if step < dt.timedelta(days=1) else pgettext("day under a chart", "M j")
    )
    return date_format(start, form)


def _total(total: int) -> str:
    return ngettext("%(number)s action", "%(number)s actions", total) % {
        "number": number_format(total, force_grouping=True)
    }


def _sentence(total: int, busiest: dt.datetime | None, highest: int, step: dt.timedelta, period: str) -> str:
    if busiest is None:
        return _("No actions, %(period)s") % {"period": period}
    return _("%(total)s, %(period)s; most at %(when)s: %(number)s") % {
        "total": _total(total),
        "period": period,
        "when": _moment(busiest, step),
        "number": number_format(highest, force_grouping=True),
    }
