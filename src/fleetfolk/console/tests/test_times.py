"""Times are short in the list and exact on hover, in the viewer's zone, with the year only where it is another one."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from fleetfolk.console.times import time_element

NOW = dt.datetime(2026, 11, 21, 19, 40, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("moment", "zone", "short", "title"),
    [
        ("2026-11-21T18:32:08", "Europe/Berlin", "19:32", "Today, 21 November 2026, 19:32:08 (Berlin)"),
        ("2026-11-20T22:40:00", "Europe/Berlin", "23:40 Nov 20", "Yesterday, 20 November 2026, 23:40:00 (Berlin)"),
        ("2026-11-03T13:05:09", "Europe/Berlin", "14:05 Nov 3", "Tuesday, 3 November 2026, 14:05:09 (Berlin)"),
        ("2025-03-09T21:15:00", "Europe/Berlin", "22:15 Mar 9, 2025", "Sunday, 9 March 2025, 22:15:00 (Berlin)"),
        ("2025-12-31T23:30:00", "Europe/Berlin", "00:30 Jan 1", "Thursday, 1 January 2026, 00:30:00 (Berlin)"),
        (
            "2026-11-21T16:00:00",
            "Asia/Ho_Chi_Minh",
            "23:00 Nov 21",
            "Yesterday, 21 November 2026, 23:00:00 (Ho Chi Minh)",
        ),
    ],
)
def test_a_time_is_read_in_the_viewers_zone(moment: str, zone: str, short: str, title: str) -> None:
    at = dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)
    with timezone.override(ZoneInfo(zone)):
        assert time_element(at, now=NOW) == f'<time datetime="{moment}+00:00" title="{title}">{short}</time>'
