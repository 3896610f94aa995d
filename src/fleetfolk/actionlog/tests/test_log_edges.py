"""The log where it is slow, where what it names is gone, and where an entry is missing."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import OperationalError
from django.http import QueryDict

from fleetfolk.actionlog import queries, statements
from fleetfolk.actionlog.models import Entry
from fleetfolk.actionlog.queries import reader_of
from fleetfolk.actionlog.tests.test_log_page import NOW, put, wanted
from fleetfolk.actionlog.web import rows
from fleetfolk.actionlog.web.rows import key_of
from fleetfolk.actionlog.web.state import LogState
from fleetfolk.actionlog.web.views import patiently
from fleetfolk.actionlog.writer import Writer
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.outcome import Alike
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.no_input import ReasonInput
from fleetfolk.users.models import User


def test_a_search_that_takes_too_long_is_given_up_and_said(
    cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(*_: object, **__: object) -> tuple[int, bool]:
        statements.rows_of("SELECT pg_sleep(30)", [])
        return 0, False

    monkeypatch.setattr(queries, "PATIENCE", "20ms")
    monkeypatch.setattr(queries, "count_entries", slowly)
    page = signed_in(cast.ada).get("/action-log/")
    assert page.status_code == 200
    assert "This takes too long" in page.content.decode()


def test_what_else_goes_wrong_in_the_database_is_not_taken_for_slowness(db: None) -> None:
    def broken() -> None:
        raise OperationalError("the connection is gone")

    with pytest.raises(OperationalError, match="gone"):
        patiently(broken)


def test_hits_beyond_where_the_walk_stops_are_counted_all_the_same(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(9):
        code = "user.restore" if number < 6 else "user.erase"
        put(cast.north, code=code, at=NOW + dt.timedelta(minutes=50 - number))
    finn, erased = reader_of(actor(cast.finn)), wanted(codes=("user.erase",))
    assert queries.count_entries(finn, erased) == (3, False)
    monkeypatch.setattr(statements, "WALK", 4)
    assert queries.count_entries(finn, erased) == (3, False)


def test_what_is_unknown_by_now_is_said_by_the_words_of_its_code(cast: Cast, signed_in: SignedIn) -> None:
    changes = [
        {"field": "users.view", "before": False, "after": True},
        {"field": "gone_field", "before": 1, "after": 2},
        {"field": "location_id", "before": 1, "after": 2},
    ]
    person, gone = put(cast.north, changes=changes), put(cast.north, changes=changes, target_type="gone.Model")
    nameless = put(cast.north, target_type="nowhere", target_id=77)
    assert [one.name for one in rows.differences_of(person)] == ["View users", "Gone field", "Location"]
    assert [one.name for one in rows.differences_of(gone)] == ["View users", "Gone field", "Location id"]
    assert "nowhere 77, not found" in signed_in(cast.ada).get(f"/action-log/{key_of(nameless)}/").content.decode()


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [("2026-11-02", "2026-11-02", "Nov 2"), ("2026-11-02", "2026-11-04", "Nov 2 to Nov 4")],
)
def test_a_single_day_is_said_once(since: str, until: str, said: str) -> None:
    state = LogState.of(QueryDict(f"from={since}&to={until}"))
    assert state.period_text(now=dt.datetime(2026, 11, 21, tzinfo=dt.UTC)) == said


def test_alike_rows_without_an_entry_each_undo_the_change(cast: Cast) -> None:
    group = Alike(model=User, ids=[cast.bob.pk, 987_654])
    with pytest.raises(RuntimeError, match="2 rows were changed and 1 have an entry"):
        Writer().write_set(DisableUser, actor=actor(cast.ada), alike=[group])


def test_what_somebody_did_who_is_gone_belongs_to_the_whole_tenant(cast: Cast) -> None:
    gone = replace(actor(cast.bob), id="987654")
    with pytest.raises(ActionError):
        perform(DisableUser, actor=gone, target_id=987_655, data=ReasonInput(reason="Left"))
    entry = Entry.objects.get(code="user.disable", actor_id="987654")
    assert (entry.organization_id, entry.path) == (None, cast.lumen.path)
