"""The log of one person: read by others with the right to read it, and by the person without any."""

import csv
import datetime as dt
import io
import re
from typing import Any

import pytest
from django.utils import timezone

from fleetfolk.access.gate import GATE
from fleetfolk.actionlog import queries, statements
from fleetfolk.actionlog.models import Entry
from fleetfolk.actionlog.permissions import VIEW_ACTION_LOG
from fleetfolk.actionlog.queries import entries_page, own_reader, reader_of
from fleetfolk.actionlog.statements import Reader, Wanted
from fleetfolk.actionlog.tests.test_log_page import put
from fleetfolk.actionlog.web.rows import key_of
from fleetfolk.kernel.actor import system_actor
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.edit_user import EditUser, EditUserInput
from fleetfolk.users.actions.enable_user import EnableUser
from fleetfolk.users.actions.no_input import NoInput, ReasonInput

NOW = timezone.now()
HTMX = {"HX-Request": "true", "HX-Target": "log"}


def wanted(**values: Any) -> Wanted:
    return Wanted(since=NOW - dt.timedelta(days=91), until=NOW + dt.timedelta(hours=1), **values)


def requests_of(reader: Reader, filters: Wanted) -> list[str]:
    return [entry.request_id for entry in entries_page(reader, filters, size=500).entries]


def around_bob(cast: Cast) -> None:
    """By Bob, on Bob, for Bob, and what has nothing to do with him."""
    bob, mine = cast.bob.pk, {"code": "user.erase"}
    put(cast.berg, actor_id=str(bob), target_id=7, request_id="by", **mine)
    put(cast.berg, actor_id="1", target_id=bob, request_id="on", **mine)
    put(cast.berg, actor_id=str(bob), target_id=bob, request_id="both", **mine)
    put(cast.berg, actor_id="1", target_id=7, acting_for="Bob", acting_for_id=bob, request_id="for", **mine)
    put(cast.berg, actor_id="1", target_id=bob, acting_for="Bob", acting_for_id=bob, request_id="for-on", **mine)
    put(cast.berg, actor_id=str(bob), actor_kind="system", target_id=7, request_id="a system's", **mine)
    put(cast.berg, actor_id="1", target_type="organizations.Organization", target_id=bob, request_id="no", **mine)
    put(cast.evil, actor_id=str(bob), target_id=bob, request_id="of another tenant", **mine)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({}, {"by", "on", "both", "for", "for-on"}),
        ({"on_person": False}, {"by", "both", "for", "for-on"}),
        ({"by_person": False}, {"on", "both", "for-on"}),
    ],
)
def test_each_entry_about_a_person_is_there_once(cast: Cast, part: dict[str, bool], expected: set[str]) -> None:
    around_bob(cast)
    filters = wanted(person_id=cast.bob.pk, codes=("user.erase",), **part)
    for reader in (reader_of(actor(cast.ada)), reader_of(actor(cast.finn))):
        found = requests_of(reader, filters)
        assert sorted(found) == sorted(expected)
        assert queries.count_entries(reader, filters) == (len(expected), False)


def test_the_tab_shows_exactly_what_the_gate_allows(cast: Cast) -> None:
    for place in (cast.lumen, cast.north, cast.berg, cast.south, cast.evil):
        put(place, code="user.erase", target_id=cast.bob.pk, request_id=place.name)
    filters = wanted(person_id=cast.bob.pk, codes=("user.erase",))
    for who in (cast.ada, cast.dana, cast.finn, cast.bea, cast.sam, cast.eve):
        allowed = {
            entry.request_id
            for entry in Entry.objects.filter(code="user.erase")
            if GATE.decide(actor(who), VIEW_ACTION_LOG, entry).allowed
        }
        assert set(requests_of(reader_of(actor(who)), filters)) == allowed


@pytest.mark.parametrize("size", [1, 5, 16])
@pytest.mark.parametrize("own", [False, True])
def test_pages_have_no_gap_and_no_repetition_while_entries_come_in(cast: Cast, size: int, own: bool) -> None:
    bob = cast.bob.pk
    for number in range(24):
        about: dict[str, Any] = [
            {"actor_id": str(bob), "target_id": 7},
            {"actor_id": "1", "target_id": bob},
            {"actor_id": "1", "target_id": 7, "acting_for_id": bob},
        ][number % 3]
        put(cast.berg, code="user.erase", at=NOW - dt.timedelta(minutes=number // 5), request_id=str(number), **about)
    reader = own_reader(actor(cast.bob)) if own else reader_of(actor(cast.ada))
    filters = wanted(person_id=bob, codes=("user.erase",))
    seen: list[int] = []
    page = entries_page(reader, filters, size=size)
    while True:
        seen += [entry.pk for entry in page.entries]
        put(cast.berg, code="user.erase", actor_id=str(bob), at=NOW + dt.timedelta(minutes=len(seen)))
        if not page.has_older:
            break
        page = entries_page(reader, filters, older_than=(page.entries[-1].at, page.entries[-1].pk), size=size)
    assert len(seen) == len(set(seen)) == 24


def test_whoever_reads_about_themselves_can_ask_for_nobody_else(cast: Cast, signed_in: SignedIn) -> None:
    around_bob(cast)
    put(cast.berg, code="user.erase", target_id=cast.bea.pk, request_id="Bea's", target_label="Bea's secret")
    for asked in (None, cast.bea.pk, cast.ada.pk):
        reader = own_reader(actor(cast.bob))
        filters = wanted(person_id=asked, codes=("user.erase",))
        assert len(entries_page(reader, filters, size=500).entries) == 5
        assert queries.count_entries(reader, filters) == (5, False)
        assert len(list(queries.all_entries(reader, filters))) == 5
    browser = signed_in(cast.bob)
    for address in (f"/account/action-log/?person={cast.bea.pk}&scope=here", "/account/action-log/?q=erase"):
        page = browser.get(address, headers=HTMX).content.decode()
        assert page.count('class="line"') == 5 or "q=" not in address
        assert "Bea's secret" not in page
        assert browser.get(address.replace("log/?", "log/days/?")).status_code == 200
    with pytest.raises(Denied):
        own_reader(system_actor("caretaker", tenant_id=cast.lumen.pk))


def test_an_entry_about_others_cannot_be_opened_as_one_s_own(cast: Cast, signed_in: SignedIn) -> None:
    of_bea = put(cast.berg, target_id=cast.bea.pk)
    of_a_system = put(cast.berg, actor_kind="system", actor_id=str(cast.bob.pk), target_id=7)
    elsewhere = put(cast.evil, target_id=cast.bob.pk)
    mine = put(cast.berg, target_id=cast.bob.pk)
    browser = signed_in(cast.bob)
    for entry in (of_bea, of_a_system, elsewhere):
        assert browser.get(f"/account/action-log/{key_of(entry)}/").status_code == 404
    assert browser.get(f"/account/action-log/{key_of(mine)}/").status_code == 200
    assert browser.get(f"/action-log/{key_of(mine)}/").status_code == 403, "the page of everybody's stays closed"
    assert browser.get("/account/action-log/nonsense/").status_code == 404


def test_one_s_own_log_tells_what_was_done_but_not_from_where_others_work(cast: Cast, signed_in: SignedIn) -> None:
    ada = actor(cast.ada)
    perform(DisableUser, actor=ada, target_id=cast.bob.pk, data=ReasonInput(reason="owes us money"))
    perform(EnableUser, actor=ada, target_id=cast.bob.pk, data=NoInput())
    perform(
        EditUser,
        actor=actor(cast.finn),
        target_id=cast.bob.pk,
        data=EditUserInput(first_name="Robert", last_name="Berg", phone="", location_id=None, time_zone=""),
    )
    browser = signed_in(fresh(cast.bob))
    page = browser.get("/account/action-log/").content.decode()
    assert "Disable user" in page
    assert "Ada Lindqvist" in page
    assert "?person=" not in page.partition('id="log"')[2], "names lead nowhere"
    entries = Entry.objects.filter(target_id=cast.bob.pk, code__in=("user.disable", "user.edit")).order_by("at")
    disabled, edited = [
        browser.get(f"/account/action-log/{key_of(entry)}/", headers={"HX-Request": "true"}).content.decode()
        for entry in entries
    ]
    assert "<ins>Robert</ins>" in edited
    for told in (disabled, edited):
        assert "192.0.2.1" not in told
        assert "test-request" not in told
        assert "owes us money" not in told
    theirs = signed_in(cast.ada).get(f"/action-log/{key_of(entries[0])}/").content.decode()
    assert "owes us money" in theirs
    assert "192.0.2.1" in theirs
    mine = put(cast.berg, actor_id=str(cast.bob.pk), address="198.51.100.7")
    assert "198.51.100.7" in browser.get(f"/account/action-log/{key_of(mine)}/").content.decode()


def test_the_tab_needs_the_right_to_read_the_log_of_the_person(cast: Cast, signed_in: SignedIn) -> None:
    address = f"/users/{cast.bob.pk}/action-log/"
    for who in (cast.ada, cast.dana, cast.finn, cast.bea):
        page = signed_in(who).get(address)
        assert page.status_code == 200
        assert "By Bob" in page.content.decode()
    for who in (cast.sam, cast.eve):
        assert signed_in(who).get(address).status_code == 404
    assert signed_in(cast.bob).get(address).status_code in (403, 404)


def test_the_tab_keeps_to_its_person_whatever_the_address_says(cast: Cast, signed_in: SignedIn) -> None:
    around_bob(cast)
    put(cast.berg, code="user.erase", actor_id=str(cast.bea.pk), actor_label="Bea Berg", target_id=7)
    browser = signed_in(cast.ada)
    page = browser.get(f"/users/{cast.bob.pk}/action-log/?q=erase&person={cast.bea.pk}").content.decode()
    assert page.count('class="line"') == 5
    part = browser.get(f"/users/{cast.bob.pk}/action-log/?q=erase&as=on", headers=HTMX).content.decode()
    assert part.count('class="line"') == 3
    assert "<html" not in part
    assert re.search(rf'href="/action-log/export/\?[^"]*person={cast.bob.pk}', part)
    assert re.search(rf'hx-get="/action-log/days/\?[^"]*person={cast.bob.pk}', part)
    assert f'href="/users/{cast.bob.pk}/action-log/?q=erase"' in part.replace("&amp;", "&")


def test_filtered_entries_of_a_busy_person_are_counted_as_far_as_one_looks(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        code = "user.erase" if number % 3 else "user.restore"
        put(cast.berg, code=code, actor_id=str(cast.bob.pk), target_id=7, at=NOW + dt.timedelta(minutes=50 - number))
    reader, filters = reader_of(actor(cast.ada)), wanted(person_id=cast.bob.pk, codes=("user.erase",), on_person=False)
    assert queries.count_entries(reader, filters) == (8, False)
    assert queries.count_entries(reader, filters, cap=5) == (5, True)
    monkeypatch.setattr(statements, "WALK", 6)
    assert queries.count_entries(reader, filters) == (4, True)
    everything = wanted(person_id=cast.bob.pk, on_person=False)
    number, capped = queries.count_entries(reader, everything)
    assert number >= 12
    assert not capped


# Taking one's own entries along.


def test_somebody_downloads_what_is_about_them_and_nothing_else(cast: Cast, signed_in: SignedIn) -> None:
    around_bob(cast)
    put(cast.berg, actor_id="1", target_id=cast.bob.pk, code="user.disable", address="198.51.100.7", request_id="there")
    browser = signed_in(cast.bob)
    assert 'href="/account/action-log/export/?' in browser.get("/account/action-log/?q=erase").content.decode()
    answer: Any = browser.get("/account/action-log/export/")
    assert answer["Content-Type"].startswith("text/csv")
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    header, *lines = csv.reader(io.StringIO(body))
    taken = [dict(zip(header, line, strict=True)) for line in lines]
    assert sum(line["code"] == "user.erase" for line in taken) == 5
    assert {line["request_id"] for line in taken if line["actor_id"] != str(cast.bob.pk)} == {""}
    assert "198.51.100.7" not in body
    logged = Entry.objects.get(code="user.log.export")
    assert (logged.actor_id, logged.target_id) == (str(cast.bob.pk), cast.bob.pk)


def test_what_is_filtered_on_ones_own_page_is_what_is_downloaded(cast: Cast, signed_in: SignedIn) -> None:
    around_bob(cast)
    answer: Any = signed_in(cast.bob).get("/account/action-log/export/?q=user.erase&as=by&person=1")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + 4
    assert Entry.objects.get(code="user.log.export").facts["filters"] == "q=user.erase&as=by"


def test_whoever_downloads_their_own_log_again_and_again_waits(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.bob)
    statuses = [browser.get("/account/action-log/export/").status_code for _again in range(11)]
    assert statuses == [200] * 10 + [429]
