"""Moments as people read them: short in the list, exact on hover, always in the viewer's own zone."""

import datetime as dt
import functools
import re
from dataclasses import dataclass
from html import escape

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext

_TIME_OF_DAY = {"H": "\ue0e0", "i": "\ue0e1", "s": "\ue0e2"}
_NEEDS_THE_MOMENT = re.compile(r"(?<!\\)[aAPfgGhuZeITOrcU]")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Words:
    """The forms of one language, looked up once: a table asks for them fifty times."""

    of_today: str
    of_this_year: str
    of_another_year: str
    of_exact: str
    sentence: str
    days: dict[int, str]


@functools.lru_cache(maxsize=64)
def _words(language: str | None) -> _Words:
    return _Words(
        of_today=pgettext("time of today", "H:i"),
        of_this_year=pgettext("time of this year", "H:i M j"),
        of_another_year=pgettext("time of another year", "H:i M j, Y"),
        of_exact=pgettext("exact time", "j F Y, H:i:s"),
        sentence=gettext("%(day)s, %(date)s (%(zone)s)"),
        days={0: gettext("Today"), 1: gettext("Yesterday")},
    )


def short(moment: dt.datetime, *, now: dt.datetime) -> str:
    """'19:32' today, '14:05 Nov 3' this year, '22:15 Mar 9, 2025' before; both moments in the viewer's zone."""
    words = _words(get_language())
    if moment.date() == now.date():
        return _formatted(moment, words.of_today)
    if moment.year == now.year:
        return _formatted(moment, words.of_this_year)
    return _formatted(moment, words.of_another_year)


def exact(moment: dt.datetime, *, now: dt.datetime) -> str:
    """'Tuesday, 3 November 2026, 14:05:09 (Berlin)', with 'Today' and 'Yesterday' in place of the weekday."""
    words = _words(get_language())
    days = (now.date() - moment.date()).days
    return words.sentence % {
        "day": words.days.get(days) or _formatted(moment, "l"),
        "date": _formatted(moment, words.of_exact),
        "zone": zone_name(moment),
    }


def zone_name(moment: dt.datetime) -> str:
    """The place that names the moment's zone ('Berlin', 'Ho Chi Minh'), or the zone's abbreviation."""
    key = getattr(moment.tzinfo, "key", "")
    return str(key).rpartition("/")[2].replace("_", " ") or moment.tzname() or "UTC"


def time_element(moment: dt.datetime, *, now: dt.datetime | None = None) -> SafeString:
    """A <time> with the short form inside, the exact form on hover and the UTC moment for machines."""
    zone = timezone.get_current_timezone()
    local, local_now = moment.astimezone(zone), (now or timezone.now()).astimezone(zone)
    told = _telling(local.date(), local_now.date(), zone_name(local), get_language())
    if told is None:
        told = f'title="{escape(exact(local, now=local_now))}">{escape(short(local, now=local_now))}'
    else:
        told = _with_time(told, local)
    return SafeString(f'<time datetime="{moment.astimezone(dt.UTC).isoformat(timespec="seconds")}" {told}</time>')


@functools.lru_cache(maxsize=8192)
def _telling(day: dt.date, today: dt.date, zone: str, language: str | None) -> str | None:
    """Title and short form of all moments of a day, with blanks for the time; None where they differ by more."""
    words = _words(language)
    form = words.of_today if day == today else words.of_this_year
    if day.year != today.year:
        form = words.of_another_year
    if any(map(_NEEDS_THE_MOMENT.search, (form, words.of_exact))):
        return None
    name = words.days.get((today - day).days) or _day(day, "l", language)
    title = words.sentence % {"day": name, "date": _day(day, words.of_exact, language), "zone": zone}
    return f'title="{escape(title)}">{escape(_day(day, form, language))}'


def _formatted(moment: dt.datetime, form: str) -> str:
    """What `date_format` gives, from the day's words, which are kept, with the time filled in."""
    if _NEEDS_THE_MOMENT.search(form):
        return date_format(moment, form)
    return _with_time(_day(moment.date(), form, get_language()), moment)


def _with_time(told: str, moment: dt.datetime) -> str:
    for letter, value in (("H", moment.hour), ("i", moment.minute), ("s", moment.second)):
        told = told.replace(_TIME_OF_DAY[letter], f"{value:02}")
    return told


@functools.lru_cache(maxsize=8192)
def _day(day: dt.date, form: str, language: str | None) -> str:
    """The day in words of the active language, with blanks where hour, minute and second go."""
    blank = re.sub(r"(?<!\\)[His]", lambda found: _TIME_OF_DAY[found[0]], form)
    return date_format(day, blank)
