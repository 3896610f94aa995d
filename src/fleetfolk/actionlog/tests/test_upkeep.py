"""Floods are told once, months get their room, old months go."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from fleetfolk.actionlog.models import Entry, Fold
from fleetfolk.actionlog.tasks import month_from, tell_folds, turn_month
from fleetfolk.actionlog.writer import FLOOD
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.no_input import ReasonInput


def flood(cast: Cast, times: int) -> None:
    for _ in range(times):
        with pytest.raises(Denied):
            perform(DisableUser, actor=actor(cast.cleo), target_id=cast.finn.pk, data=ReasonInput(reason=""))


def later(minutes: int = 0) -> int:
    """The worker's clock, in seconds since 1970."""
    return int((timezone.now() + dt.timedelta(minutes=minutes)).timestamp())


def test_a_flood_is_told_in_one_entry_once_its_minute_is_over(cast: Cast) -> None:
    flood(cast, FLOOD + 25)
    entries = Entry.objects.filter(code="user.disable", result="denied")
    assert entries.count() == FLOOD
    tell_folds(later())
    assert entries.count() == FLOOD, "the minute is not over"
    tell_folds(later(3))
    tell_folds(later(3))
    assert entries.count() == FLOOD + 1
    told = entries.get(facts__folded=25)
    assert (told.actor_label, told.reason, told.client) == ("Cleo Staff", "target_is_stronger", "web")
    assert told.path == cast.north.path
    assert not Fold.objects.exists()


def test_a_few_refusals_are_not_told_again(cast: Cast) -> None:
    flood(cast, 3)
    tell_folds(later(3))
    assert Entry.objects.filter(code="user.disable").count() == 3
    assert not Fold.objects.exists()


def partitions() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'actionlog_entry'::regclass")
        return {name for (name,) in cursor.fetchall()}


def name_of(month: dt.date) -> str:
    return f"actionlog_entry_{month:%Y_%m}"


def test_the_coming_months_have_room_and_nothing_is_forgotten_for_ever(cast: Cast, settings: Settings) -> None:
    settings.FLEETFOLK_LOG_MONTHS = 0
    before = partitions()
    last = name_of(month_from(dt.datetime.now(dt.UTC).date(), 3))
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {last}")
    turn_month(0)
    turn_month(0)
    assert partitions() == before
    assert last in before


def test_months_older_than_the_setting_are_dropped_whole(cast: Cast, settings: Settings) -> None:
    settings.FLEETFOLK_LOG_MONTHS = 2
    today = dt.datetime.now(dt.UTC).date()
    old, kept = (dt.datetime.combine(month_from(today, -n), dt.time(12), tzinfo=dt.UTC) for n in (3, 2))
    for moment in (old, kept):
        Entry.objects.create(tenant=cast.lumen, at=moment, code="user.edit", result="done", client="web", path="2.")
    turn_month(0)
    assert name_of(old.date()) not in partitions()
    assert name_of(kept.date()) in partitions()
    assert not Entry.objects.filter(at=old).exists()
    assert Entry.objects.filter(at=kept).exists()


@pytest.mark.parametrize(("months", "expected"), [(0, "2026-11-01"), (2, "2027-01-01"), (-11, "2025-12-01")])
def test_months_are_counted_across_years(months: int, expected: str) -> None:
    assert month_from(dt.date(2026, 11, 21), months).isoformat() == expected
