"""The state of the Action log page: everything that is in its address, checked, and back into an address."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django_stubs_ext import StrPromise

from fleetfolk.actionlog.models import Result
from fleetfolk.actionlog.queries import Key
from fleetfolk.actionlog.statements import Wanted
from fleetfolk.console.marking import words_of
from fleetfolk.console.typed import typed
from fleetfolk.kernel.action import CATALOGUE, CODE
from fleetfolk.kernel.actor import Client

PERIODS: dict[str, tuple[StrPromise, dt.timedelta]] = {
    "hour": (gettext_lazy("Hour"), dt.timedelta(hours=1)),
    "6h": (gettext_lazy("6 hours"), dt.timedelta(hours=6)),
    "day": (gettext_lazy("Day"), dt.timedelta(days=1)),
    "week": (gettext_lazy("Week"), dt.timedelta(days=7)),
    "month": (gettext_lazy("Month"), dt.timedelta(days=30)),
    "quarter": (gettext_lazy("3 months"), dt.timedelta(days=91)),
}
USUAL = "month"
_STEPS = (
    (dt.timedelta(hours=1), dt.timedelta(minutes=5)),
    (dt.timedelta(hours=6), dt.timedelta(minutes=30)),
    (dt.timedelta(days=2), dt.timedelta(hours=1)),
    (dt.timedelta(days=120), dt.timedelta(days=1)),
)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class LogState:
    """What the page shows. Unknown or malformed parts of an address are left out, never an error.

    A first or last day of one's own choice, each in the viewer's zone, takes the place of ``period``.
    """

    query: str = ""
    period: str = USUAL
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    here_only: bool = False
    clients: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    person: int | None = None
    part: str = ""
    before: Key | None = None
    after: Key | None = None

    @classmethod
    def of(cls, parameters: QueryDict, *, person: int | None = None) -> Self:
        """The state that an address says; ``person`` is there where the log is about one person anyway."""
        period = parameters.get("period", USUAL)
        part = parameters.get("as", "")
        return cls(
            query=typed(parameters),
            period=period if period in PERIODS else USUAL,
            first_day=_day(parameters.get("from", "")),
            last_day=_day(parameters.get("to", "")),
            here_only=parameters.get("scope") == "here",
            clients=tuple(c for c in dict.fromkeys(parameters.getlist("client")) if c in Client.values),
            results=tuple(r for r in dict.fromkeys(parameters.getlist("result")) if r in Result.values),
            person=_number(parameters.get("person", "")) if person is None else person,
            part=part if part in {"by", "on"} else "",
            before=place_of(parameters.get("before", "")),
            after=place_of(parameters.get("after", "")),
        )

    @property
    def own_days(self) -> bool:
        """Whether days of one's own choice are set."""
        return self.first_day is not None or self.last_day is not None

    @property
    def usual_period(self) -> bool:
        """Whether the period goes without saying."""
        return self.period == USUAL

    def is_filtered(self, *, with_person: bool = True) -> bool:
        """Whether anything beside the period narrows the list."""
        return bool(self.query or self.clients or self.results or (with_person and self.person is not None))

    def address(self, *, with_person: bool = True) -> str:
        """The query string of the state, without what goes without saying."""
        pairs: list[tuple[str, object]] = []
        if self.query:
            pairs.append(("q", self.query))
        if self.first_day:
            pairs.append(("from", self.first_day.isoformat()))
        if self.last_day:
            pairs.append(("to", self.last_day.isoformat()))
        if not self.own_days and self.period != USUAL:
            pairs.append(("period", self.period))
        if self.here_only:
            pairs.append(("scope", "here"))
        pairs += [("client", client) for client in self.clients]
        pairs += [("result", result) for result in self.results]
        pairs += self._whose(with_person=with_person)
        if self.before:
            pairs.append(("before", key_text(self.before)))
        elif self.after:
            pairs.append(("after", key_text(self.after)))
        return "?" + urlencode(pairs)

    def _whose(self, *, with_person: bool) -> list[tuple[str, object]]:
        whose = [("person", self.person), ("as", self.part)] if with_person else [("as", self.part)]
        return [pair for pair in whose if self.person is not None and pair[1]]

    def first_page(self, **changes: object) -> Self:
        """The newest page of a changed state."""
        return replace(self, **{"before": None, "after": None, **changes})  # type: ignore[arg-type]

    def in_period(self, period: str) -> Self:
        """The newest page of a period that ends now."""
        return self.first_page(period=period, first_day=None, last_day=None)

    def wanted(self, *, now: dt.datetime) -> Wanted:
        """The entries that the state asks for. What ends "now" has no end, so that nothing new is missed."""
        since, until = self.bounds(now=now)
        return Wanted(
            since=since,
            until=until,
            here_only=self.here_only,
            clients=self.clients,
            results=self.results,
            codes=codes_named(self.query) if self.query else None,
            person_id=self.person,
            by_person=self.part != "on",
            on_person=self.part != "by",
        )

    def bounds(self, *, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
        """From when (included) and until when (not included). Days are the viewer's; one way open means to today."""
        if not self.own_days:
            return now - PERIODS[self.period][1], now + dt.timedelta(hours=1)
        today = timezone.localtime(now).date()
        last = self.last_day or max(today, self.first_day or today)
        first = self.first_day or last - dt.timedelta(days=30)
        if first > last:
            first, last = last, first
        return _midnight(first), _midnight(last + dt.timedelta(days=1))

    def step(self, *, now: dt.datetime) -> dt.timedelta:
        """How long a time one bar of the chart stands for."""
        since, until = self.bounds(now=now)
        span = (until - since) if self.own_days else (now - since)
        return next((step for longest, step in _STEPS if span <= longest), dt.timedelta(days=7))

    def period_text(self, *, now: dt.datetime) -> str:
        """The first and the last day, as people say them: 'Oct 22 to Nov 21'."""
        since, until = (timezone.localtime(moment) for moment in self.bounds(now=now))
        last = until - dt.timedelta(microseconds=1) if self.own_days else timezone.localtime(now)
        if not self.own_days and PERIODS[self.period][1] <= dt.timedelta(days=1):
            of_today = PERIODS[self.period][1] < dt.timedelta(days=1)
            form = pgettext("time in a short period", "H:i") if of_today else pgettext("time in a day", "H:i j M")
        elif since.year == last.year == now.year:
            form = pgettext("day of this year in a period", "M j")
        else:
            form = pgettext("day in a period", "M j, Y")
        first_text, last_text = date_format(since, form), date_format(last, form)
        if first_text == last_text:
            return first_text
        return _("%(first)s to %(last)s") % {"first": first_text, "last": last_text}


def codes_named(query: str) -> tuple[str, ...]:
    """The codes whose label or code holds every word typed; an unknown one that is typed in full stands for itself."""
    words = words_of(query)
    found = [code for code, name in _names() if all(word in name for word in words)]
    if not found and CODE.fullmatch(query):
        return (query,)
    return tuple(found)


def _names() -> list[tuple[str, str]]:
    return [(code, " ".join(words_of(f"{action.label} {code}"))) for code, action in CATALOGUE.items()]


def key_text(key: Key) -> str:
    """An entry's place in the log as it stands in an address: microseconds since 1970 and the id."""
    return f"{(key[0] - _EPOCH) // dt.timedelta(microseconds=1)}-{key[1]}"


def place_of(text: str) -> Key | None:
    """The place that an address names; None where it names none."""
    micros, _dash, entry_id = text.partition("-")
    if not (micros.isdecimal() and entry_id.isdecimal() and len(micros) < 18 and len(entry_id) < 19):
        return None
    return _EPOCH + dt.timedelta(microseconds=int(micros)), int(entry_id)


def _day(text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2999 else None


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=timezone.get_current_timezone())
