"""The Action log page: who sees what, filters, pages, details, chart and download."""

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.utils import timezone

from fleetfolk.actionlog import queries, statements
from fleetfolk.actionlog.models import Entry, Fold
from fleetfolk.actionlog.queries import Page, entries_page, reader_of
from fleetfolk.actionlog.statements import Wanted
from fleetfolk.actionlog.web.rows import key_of, readable
from fleetfolk.actionlog.web.state import codes_named
from fleetfolk.kernel.actor import Client, system_actor
from fleetfolk.kernel.errors import ActionError, Denied
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.users.actions.disable_user import DisableUser
from fleetfolk.users.actions.edit_user import EditUser, EditUserInput
from fleetfolk.users.actions.no_input import ReasonInput
from fleetfolk.users.models import User

NOW = timezone.now()


def put(place: Organization, **values: Any) -> Entry:
    """An entry as the writer makes them."""
    usual = {"code": "user.edit", "result": "done", "client": "web", "actor_kind": "user", "actor_id": "1", "at": NOW}
    about = {
        "organization_id": place.pk,
        "organization_label": place.name,
        "path": place.path,
        "target_type": "users.User",
    }
    return Entry.objects.create(tenant_id=place.tenant_id, **{**usual, **about, "actor_label": "Somebody", **values})


def wanted(**values: Any) -> Wanted:
    return Wanted(since=NOW - dt.timedelta(days=91), until=NOW + dt.timedelta(hours=1), **values)


def codes(page: Page) -> list[str]:
    return [entry.code for entry in page.entries]


def test_each_sees_their_own_and_below_newest_first(cast: Cast) -> None:
    for place in (cast.lumen, cast.north, cast.berg, cast.south, cast.evil):
        put(place, code="user.erase")
    seen = {
        name: {
            entry.organization_label
            for entry in entries_page(reader_of(actor(who)), wanted(codes=("user.erase",))).entries
        }
        for name, who in {"ada": cast.ada, "finn": cast.finn, "bea": cast.bea, "sam": cast.sam, "eve": cast.eve}.items()
    }
    assert seen == {
        "ada": {"Lumen Home", "North", "Familie Berg", "South"},
        "finn": {"North", "Familie Berg"},
        "bea": {"Familie Berg"},
        "sam": {"South"},
        "eve": {"Evil Corp"},
    }
    ats = [entry.at for entry in entries_page(reader_of(actor(cast.ada)), wanted()).entries]
    assert ats == sorted(ats, reverse=True)


def test_without_the_permission_there_is_no_page(cast: Cast, signed_in: SignedIn) -> None:
    with pytest.raises(Denied):
        reader_of(actor(cast.bob))
    for address in ("/action-log/", "/action-log/days/", "/action-log/export/"):
        assert signed_in(cast.bob).get(address).status_code == 403


def test_an_entry_of_elsewhere_does_not_exist(cast: Cast, signed_in: SignedIn) -> None:
    entry = put(cast.south, facts={"reason": "secret of the South"})
    address = f"/action-log/{key_of(entry)}/"
    assert "secret of the South" in signed_in(cast.sam).get(address).content.decode()
    for stranger in (cast.finn, cast.eve):
        assert signed_in(stranger).get(address).status_code == 404


FILTERS: list[tuple[dict[str, Any], set[str]]] = [
    ({}, {"a", "b", "c", "d"}),
    ({"clients": ("alexa",)}, {"b"}),
    ({"clients": ("alexa", "web")}, {"a", "b", "d"}),
    ({"results": ("denied",)}, {"c"}),
    ({"results": ("denied", "done")}, {"a", "b", "c"}),
    ({"results": ("denied",), "clients": ("ios",)}, {"c"}),
    ({"results": ("denied",), "clients": ("web",)}, set()),
    ({"codes": ("user.erase",)}, {"a", "b"}),
    ({"codes": ("user.erase", "user.restore"), "clients": ("ios",)}, {"c"}),
    ({"codes": ()}, set()),
    ({"person_id": 70}, {"a", "b"}),
    ({"person_id": 70, "on_person": False}, {"a"}),
    ({"person_id": 70, "by_person": False}, {"b"}),
    ({"person_id": 70, "results": ("done",), "clients": ("alexa",)}, {"b"}),
    ({"here_only": True}, {"a", "c"}),
    ({"here_only": True, "results": ("denied",)}, {"c"}),
]


@pytest.mark.parametrize(("chosen", "expected"), FILTERS)
@pytest.mark.parametrize("who", ["ada", "finn"])
def test_filters_find_the_same_along_every_index(
    cast: Cast, who: str, chosen: dict[str, Any], expected: set[str]
) -> None:
    home = cast.north if who == "finn" else cast.lumen
    below = cast.berg if who == "finn" else cast.north
    put(home, code="user.erase", request_id="a", actor_id="70", target_id=71)
    put(below, code="user.erase", request_id="b", client="alexa", target_id=70)
    put(home, code="user.restore", request_id="c", client="ios", result="denied")
    put(below, code="user.move", request_id="d", result="refused")
    reader, filters = reader_of(actor(getattr(cast, who))), wanted(**chosen)
    mine = {"a", "b", "c", "d"}
    found = {entry.request_id for entry in entries_page(reader, filters, size=500).entries} & mine
    assert found == expected
    number, capped = queries.count_entries(reader, filters)
    assert (number, capped) == (len(entries_page(reader, filters, size=900).entries), False)


@pytest.mark.parametrize("walk", [3, 4000])
@pytest.mark.parametrize("who", ["ada", "finn"])
def test_pages_go_forth_and_back_without_gap_or_repetition(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, who: str, walk: int
) -> None:
    monkeypatch.setattr(statements, "WALK", walk)
    # Seven at the same moment, so that the id decides; and others between, which the filter leaves out.
    for place in range(20):
        put(cast.north, code="user.erase", at=NOW - dt.timedelta(minutes=place // 7), request_id=str(place))
        put(cast.north, code="user.edit", at=NOW - dt.timedelta(minutes=place // 7))
    reader, filters = reader_of(actor(getattr(cast, who))), wanted(codes=("user.erase",))
    forth: list[int] = []
    page = entries_page(reader, filters, size=6)
    pages = [page]
    while page.has_older:
        page = entries_page(reader, filters, older_than=(page.entries[-1].at, page.entries[-1].pk), size=6)
        pages.append(page)
    forth = [entry.pk for one in pages for entry in one.entries]
    assert len(forth) == len(set(forth)) == 20
    back: list[int] = []
    while page.has_newer:
        page = entries_page(reader, filters, newer_than=(page.entries[0].at, page.entries[0].pk), size=6)
        back = [entry.pk for entry in page.entries] + back
    assert back == forth[:18]


def test_names_and_codes_are_found_as_one_types() -> None:
    assert "user.disable" in codes_named("disab")
    assert "user.disable" in codes_named("USER disable")
    assert codes_named("user.disable") == ("user.disable",)
    assert codes_named("zzz") == ()
    assert codes_named("gadget.part.explode") == ("gadget.part.explode",)


def test_a_row_opens_to_what_changed_and_why_not(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    ada = actor(cast.ada)
    bob = User.objects.get(pk=cast.bob.pk)
    data = EditUserInput(first_name="Bobby", last_name=bob.last_name, phone=bob.phone, location_id=None)
    perform(EditUser, actor=ada, target_id=bob.pk, data=data)
    edited = Entry.objects.get(code="user.edit", target_id=bob.pk, facts={})
    page = browser.get(f"/action-log/{key_of(edited)}/", headers={"HX-Request": "true"}).content.decode()
    assert "<del>Bob</del>" in page
    assert "<ins>Bobby</ins>" in page
    assert "test-request" in page
    assert "192.0.2.1" in page
    with pytest.raises(ActionError):
        perform(DisableUser, actor=ada, target_id=cast.finn.pk, data=ReasonInput(reason=""))
    refused = Entry.objects.get(code="user.disable", result="refused")
    assert "Admin" in browser.get(f"/action-log/{key_of(refused)}/").content.decode()


def test_every_choice_is_in_the_address_and_the_page_says_it(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    address = (
        f"/action-log/?q=edit&from=2026-01-01&client=web&client=ios&result=done&person={cast.bob.pk}&as=on&scope=here"
    )
    page = browser.get(address).content.decode()
    for said in (
        'value="edit"',
        'value="2026-01-01"',
        "Web, iOS",
        "<b>Done</b>",
        "Bob Berg",
        "On them",
        "Lumen Home only",
    ):
        assert said in page
    assert "Drop the filters" in page
    assert "No action called “zzz”" in browser.get("/action-log/?q=zzz").content.decode()
    for nonsense in (
        "?before=x",
        "?before=99999999999999999-1",
        "?after=1-1",
        "?from=never",
        "?person=x&client=z",
        "?from=2027-01-01&to=2020-01-01",
    ):
        assert browser.get(f"/action-log/{nonsense}").status_code == 200


def test_through_htmx_come_the_table_and_the_tools(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.ada).get("/action-log/", headers={"HX-Request": "true", "HX-Target": "log"}).content.decode()
    assert "<html" not in page
    assert page.count("hx-swap-oob") == 3


def test_the_number_of_statements_does_not_grow_with_the_rows(
    cast: Cast, signed_in: SignedIn, django_assert_num_queries: Any
) -> None:
    browser = signed_in(cast.ada)
    browser.get("/action-log/")
    for _ in range(40):
        put(cast.north)
    with django_assert_num_queries(QUERIES):
        browser.get("/action-log/")


QUERIES = 7


def test_days_are_those_of_the_viewers_zone(cast: Cast) -> None:
    # 23:30 UTC is the next day in Berlin.
    put(cast.north, code="user.erase", at=dt.datetime(2026, 10, 3, 23, 30, tzinfo=dt.UTC))
    counted = queries.counts_over_time(
        reader_of(actor(cast.ada)),
        Wanted(
            since=dt.datetime(2026, 9, 30, 22, tzinfo=dt.UTC),
            until=dt.datetime(2026, 10, 31, 22, tzinfo=dt.UTC),
            codes=("user.erase",),
        ),
        step=dt.timedelta(days=1),
        zone_name="Europe/Berlin",
    )
    assert counted == {dt.datetime(2026, 10, 4): 1}  # noqa: DTZ001 - the viewer's own clock


def test_the_chart_says_itself_in_a_sentence(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.ada).get("/action-log/days/?period=day").content.decode()
    assert 'role="img"' in page
    assert "most at" in page
    assert "style=" not in page


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "EXPORT_CHUNK", 7)


def test_the_download_holds_what_is_filtered_runs_no_formula_and_is_logged(
    cast: Cast, signed_in: SignedIn, small_chunks: None
) -> None:
    for number in range(30):
        put(cast.north, code="user.erase", target_label=f"=SUM({number})", client=Client.ALEXA)
    put(cast.south, code="user.erase", client=Client.ALEXA)
    answer = signed_in(cast.finn).get("/action-log/export/?client=alexa&q=erase")
    assert answer["Content-Type"].startswith("text/csv")
    body = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    header, *lines = csv.reader(io.StringIO(body))
    assert header[:3] == ["time", "action", "code"]
    assert len(lines) == 30
    assert {line[header.index("target")][:5] for line in lines} == {"'=SUM"}
    assert dt.datetime.fromisoformat(lines[0][0]).tzinfo is not None
    logged = Entry.objects.get(code="log.export")
    assert (logged.actor_label, logged.organization_label) == ("Finn North", "North")
    assert logged.facts["filters"] == "q=erase&client=alexa"


def test_a_download_ends_where_its_right_is_taken_away(cast: Cast, small_chunks: None) -> None:
    for _ in range(20):
        put(cast.north, code="user.erase")
    entries = queries.all_entries(reader_of(actor(cast.cleo)), wanted(codes=("user.erase",)))
    assert next(entries).code == "user.erase"
    perform(DisableUser, actor=actor(cast.ada), target_id=cast.cleo.pk, data=ReasonInput(reason="left"))
    with pytest.raises(Denied):
        list(entries)


def test_an_attempt_on_what_does_not_exist_is_filed_where_the_person_is_at_home(cast: Cast) -> None:
    with pytest.raises(ActionError):
        perform(DisableUser, actor=actor(cast.finn), target_id=cast.sam.pk, data=ReasonInput(reason=""))
    entry = Entry.objects.get(code="user.disable", result="not_found")
    assert (entry.organization_label, entry.path, entry.target_label) == ("North", cast.north.path, "")


def test_whoever_downloads_again_and_again_waits_and_others_do_not(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)
    for _ in range(10):
        answer: Any = browser.get("/action-log/export/")
        assert answer.status_code == 200
        list(answer.streaming_content)
    late = signed_in(cast.ada).get("/action-log/export/")
    assert late.status_code == 429
    assert "Wait a few minutes" in late.content.decode()
    assert Entry.objects.filter(code="log.export", actor_id=str(cast.ada.pk)).count() == 10
    assert signed_in(cast.abe).get("/action-log/export/").status_code == 200


def test_entries_and_floods_say_what_they_are(cast: Cast) -> None:
    entry = put(cast.north, target_label="Bob Berg")
    assert str(entry) == "Somebody: user.edit Bob Berg (done)"
    assert str(Fold(count=7, code="user.edit", result="denied")) == "7 × user.edit denied"


def test_the_chart_gives_up_where_there_is_too_much_to_count(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "CHART_CAP", 1)
    for _ in range(2):
        put(cast.north, at=NOW - dt.timedelta(hours=1))
    counted = queries.counts_over_time(
        reader_of(actor(cast.ada)), wanted(), step=dt.timedelta(days=1), zone_name="Europe/Berlin"
    )
    assert counted is None


def test_a_person_is_called_by_the_log_when_their_account_is_gone(cast: Cast) -> None:
    ada = reader_of(actor(cast.ada))
    assert queries.person_label(ada, cast.bob.pk) == "Bob Berg"
    put(cast.north, target_id=987_654, target_label="Gone Long")
    assert queries.person_label(ada, 987_654) == "Gone Long"
    put(cast.north, actor_id="987655", actor_label="Left Us")
    assert queries.person_label(ada, 987_655) == "Left Us"
    assert queries.person_label(ada, 987_656) == ""
    assert queries.person_label(queries.own_reader(actor(cast.bob)), 1) == "Bob Berg"


def test_a_log_of_ones_own_is_a_persons(cast: Cast) -> None:
    with pytest.raises(Denied, match="not_your_account"):
        queries.own_reader(system_actor("worker", tenant_id=cast.lumen.pk))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "empty"),
        ("", "empty"),
        (True, "yes"),
        (False, "no"),
        (3, "3"),
        ("2026-99-99T12:00:00", "2026-99-99T12:00:00"),
        ("two\nlines", "two lines"),
    ],
)
def test_values_are_said_as_people_read_them(value: object, said: str) -> None:
    assert readable(value) == said


def test_a_moment_is_said_in_the_viewers_zone() -> None:
    with timezone.override("Europe/Berlin"):
        assert readable("2026-11-21T13:06:41.220+00:00") == "21 Nov 2026, 14:06:41.220 (Berlin)"
