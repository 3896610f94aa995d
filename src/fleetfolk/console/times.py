"""Moments as people read them: short in the list, exact on hover, always in the viewer's own zone."""

import datetime as dt
import functools
import re
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
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
    local = timezone.localtime(moment)
    local_now = timezone.localtime(now)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.astimezone(dt.UTC).isoformat(timespec="seconds"),
        exact(local, now=local_now),
        short(local, now=local_now),
    )


def _formatted(moment: dt.datetime, form: str) -> str:
    """What `date_format` gives. A table has two moments a row, so each day's words are kept and the time filled in."""
    if _NEEDS_THE_MOMENT.search(form):
        return date_format(moment, form)
    said = _day(moment.date(), form, get_language())
    for letter, value in (("H", moment.hour), ("i", moment.minute), ("s", moment.second)):
        said = said.replace(_TIME_OF_DAY[letter], f"{value:02}")
    return said


@functools.lru_cache(maxsize=8192)
def _day(day: dt.date, form: str, language: str | None) -> str:
    """The day in words of the active language, with blanks where hour, minute and second go."""
    blank = re.sub(r"(?<!\\)[His]", lambda found: _TIME_OF_DAY[found[0]], form)
    return date_format(day, blank)
