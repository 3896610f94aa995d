"""Moments as people read them: short in the list, exact on hover, always in the viewer's own zone."""

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext


def short(moment: dt.datetime, *, now: dt.datetime) -> str:
    """'19:32' today, '14:05 Nov 3' this year, '22:15 Mar 9, 2025' before; both moments in the viewer's zone."""
    if moment.date() == now.date():
        return date_format(moment, pgettext("time of today", "H:i"))
    if moment.year == now.year:
        return date_format(moment, pgettext("time of this year", "H:i M j"))
    return date_format(moment, pgettext("time of another year", "H:i M j, Y"))


def exact(moment: dt.datetime, *, now: dt.datetime) -> str:
    """'Tuesday, 3 November 2026, 14:05:09 (Berlin)', with 'Today' and 'Yesterday' in place of the weekday."""
    days = (now.date() - moment.date()).days
    day = {0: gettext("Today"), 1: gettext("Yesterday")}.get(days) or date_format(moment, "l")
    return gettext("%(day)s, %(date)s (%(zone)s)") % {
        "day": day,
        "date": date_format(moment, pgettext("exact time", "j F Y, H:i:s")),
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
