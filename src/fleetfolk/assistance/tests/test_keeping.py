"""How long the records of remote assistance are kept."""

import datetime as dt

import pytest
from pytest_django import Settings

from fleetfolk.actionlog.models import Entry
from fleetfolk.assistance.actions.erase_records import EraseRecords, EraseRecordsInput
from fleetfolk.assistance.models import Assistance, Consent, Request, Visit
from fleetfolk.assistance.tasks import forget
from fleetfolk.assistance.tests.scenes import Scene, scene
from fleetfolk.kernel import clock
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.testing.samples_assistance import asked

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


def helped(cast: Cast, signed_in: SignedIn, at: dt.datetime) -> Scene:
    """Ada asked Carl, was allowed for a day, and looked."""
    with clock.at(at):
        asked(cast)
        one = scene(cast, signed_in)
        one.get("account/")
        one.agent.post(f"/assistance/{one.row.public_id}/end/")
    return one


def test_without_the_setting_they_are_kept_for_ever(cast: Cast, signed_in: SignedIn) -> None:
    one = helped(cast, signed_in, NOW - dt.timedelta(days=4000))
    with clock.at(NOW):
        forget(0)
    assert Visit.objects.filter(assistance=one.row).exists()


def test_what_is_older_than_the_months_of_the_setting_is_gone_with_every_page(
    cast: Cast, signed_in: SignedIn, settings: Settings
) -> None:
    settings.FLEETFOLK_ASSISTANCE_MONTHS = 6
    old = helped(cast, signed_in, dt.datetime(2026, 4, 29, 12, tzinfo=dt.UTC))
    kept = helped(cast, signed_in, dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC))
    with clock.at(NOW):
        forget(0)
        forget(0)
    assert list(Assistance.objects.all()) == [kept.row]
    assert set(Visit.objects.values_list("assistance_id", flat=True)) == {kept.row.pk}
    assert Request.objects.count() == 1
    assert Consent.objects.count() == 1
    (entry,) = Entry.objects.filter(code="assistance.records.erase")
    assert (entry.target_id, entry.facts, entry.actor_kind) == (old.carl.pk, {"sessions": 1}, "system")
    assert Entry.objects.filter(code="assistance.start").count() == 2, "the action log has a time of its own"


def test_what_goes_on_is_never_old(cast: Cast, signed_in: SignedIn, settings: Settings) -> None:
    settings.FLEETFOLK_ASSISTANCE_MONTHS = 1
    one = scene(cast, signed_in)
    with clock.at(clock.now() + dt.timedelta(days=100)):
        forget(0)
    assert Assistance.objects.filter(pk=one.row.pk).exists()


@pytest.mark.parametrize("who", ["ada", "finn", "abe"])
def test_nobody_erases_records_by_hand(cast: Cast, signed_in: SignedIn, who: str) -> None:
    one = helped(cast, signed_in, NOW - dt.timedelta(days=400))
    with pytest.raises(Denied) as caught:
        perform(
            EraseRecords,
            actor=actor(getattr(cast, who)),
            target_id=one.carl.pk,
            data=EraseRecordsInput(before=NOW - dt.timedelta(days=30)),
        )
    assert caught.value.reason == "assist_records_stay"
    assert Visit.objects.filter(assistance=one.row).exists()
