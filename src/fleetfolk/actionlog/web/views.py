"""The Action log page: period, filters, pages by key, one entry's details, the chart, and the download."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from allauth.core.internal import ratelimit
from django.db import OperationalError
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from psycopg.errors import QueryCanceled

from fleetfolk.actionlog import queries
from fleetfolk.actionlog.actions import ExportLog, ExportLogInput
from fleetfolk.actionlog.models import Entry, Result
from fleetfolk.actionlog.statements import Reader, Wanted
from fleetfolk.actionlog.web import rows
from fleetfolk.actionlog.web.chart import chart_of
from fleetfolk.actionlog.web.lines import lines_html
from fleetfolk.actionlog.web.places import LogPlace, everybodys
from fleetfolk.actionlog.web.state import PERIODS, LogState, place_of
from fleetfolk.console.csv_export import CONTENT_TYPE, Cell, csv_lines
from fleetfolk.console.downloads import download_from
from fleetfolk.console.http import ConsoleRequest, console_view, portal_view
from fleetfolk.kernel.actor import Client
from fleetfolk.kernel.perform import perform

SIZE = 30
DOWNLOADS = {"log_export": "10/10m/user"}
"""Downloads of one person: each reads a large part of the log and keeps a worker busy while it does."""
PAGE = "actionlog/log.html"
BODY = "actionlog/body.html"
_STATUS = {Result.DONE: "done", Result.DENIED: "denied", Result.REFUSED: "refused", Result.NOT_FOUND: "missing"}


@console_view
@require_GET
def log(request: ConsoleRequest) -> HttpResponse:
    """The page; through htmx its table with the tools above it."""
    context = log_context(request, queries.reader_of(request.actor), everybodys())
    return render(request, f"{BODY}#swapped" if context["swapped"] else PAGE, context)


@console_view
@require_GET
def days(request: ConsoleRequest) -> HttpResponse:
    """The chart, asked for by the page when it is there."""
    return _days(request, queries.reader_of(request.actor))


@portal_view(assisted="see")
@require_GET
def own_days(request: ConsoleRequest) -> HttpResponse:
    """The chart of what is about oneself."""
    return _days(request, queries.own_reader(request.actor))


@console_view
@require_GET
def entry(request: ConsoleRequest, key: str) -> HttpResponse:
    """One entry with everything that is known of it: inside the list through htmx, else a page of its own."""
    return _entry(request, queries.reader_of(request.actor), key, back=reverse("actionlog:list"))


@portal_view(assisted="see")
@require_GET
def own_entry(request: ConsoleRequest, key: str) -> HttpResponse:
    """One entry about oneself."""
    back = request.path.removesuffix(f"{key}/")
    return _entry(request, queries.own_reader(request.actor), key, back=back)


def log_context(request: ConsoleRequest, reader: Reader, place: LogPlace) -> dict[str, Any]:
    """What `actionlog/body.html` needs to show the log at this place; its part `swapped` where htmx asks for that."""
    state, now = LogState.of(request.GET, person=place.person), timezone.now()
    swapped = bool(request.htmx) and request.htmx.target == "log"
    return _tools(reader, state, place, now) | _table(reader, state, place, now) | {"swapped": swapped}


def _days(request: ConsoleRequest, reader: Reader) -> HttpResponse:
    state, now = LogState.of(request.GET).first_page(), timezone.now()
    chart = patiently(lambda: chart_of(reader, state, now=now))
    return render(request, "actionlog/chart.html", {"chart": chart, "cap": _number(queries.CHART_CAP)})


def patiently[T](reading: Callable[[], T]) -> T | None:
    """What was read; None where it took too long."""
    try:
        with queries.patience():
            return reading()
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
    return None


def _entry(request: ConsoleRequest, reader: Reader, key: str, *, back: str) -> HttpResponse:
    place = place_of(key)
    found = queries.entry_detail(reader, at=place[0], entry_id=place[1]) if place else None
    if found is None:
        raise Http404
    context = {
        "row": rows.row_of(found),
        "differences": rows.differences_of(found),
        "reason": rows.reason_sentence(found),
        "facts": rows.facts_of(found),
        "back": back,
        "people": "" if reader.own else back,
    }
    return render(request, "actionlog/entry.html#detail" if request.htmx else "actionlog/entry.html", context)


@console_view
@download_from("actionlog:list")
@require_GET
def export(request: ConsoleRequest) -> HttpResponseBase:
    """What is filtered, as a CSV file that streams; that it was taken is in the log. Too many at once wait a while."""
    if not may_download(request):
        return ratelimit.respond_429(request)
    state, now = LogState.of(request.GET).first_page(), timezone.now()
    reader = queries.reader_of(request.actor)
    perform(
        ExportLog,
        actor=request.actor,
        target_id=reader.home_id,
        data=ExportLogInput(period=state.period_text(now=now), filters=state.address().lstrip("?")),
    )
    return download(reader, state, now=now)


def may_download(request: ConsoleRequest) -> bool:
    """Whether the person has not downloaded too much just now."""
    return bool(ratelimit.consume(request, app="fleetfolk", action="log_export", config=DOWNLOADS, limit_get=True))


def download(reader: Reader, state: LogState, *, now: dt.datetime) -> HttpResponseBase:
    """The entries as a CSV file that streams."""
    answer = StreamingHttpResponse(
        csv_lines(_HEADER, _csv_rows(reader, state.wanted(now=now), timezone.get_current_timezone())),
        content_type=CONTENT_TYPE,
    )
    answer["Content-Disposition"] = f'attachment; filename="action-log-{timezone.localtime(now):%Y-%m-%d}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


_HEADER = (
    "time",
    "action",
    "code",
    "result",
    "reason",
    "client",
    "actor",
    "actor_kind",
    "actor_id",
    "on_behalf_of",
    "target",
    "target_type",
    "target_id",
    "organization",
    "organization_id",
    "changes",
    "facts",
    "address",
    "request_id",
    "batch_id",
)


def _csv_rows(reader: Reader, wanted: Wanted, zone: dt.tzinfo) -> Iterator[tuple[Cell, ...]]:
    for found in queries.all_entries(reader, wanted):
        yield _csv_row(found, zone)


def _csv_row(found: Entry, zone: dt.tzinfo) -> tuple[Cell, ...]:
    return (
        found.at.astimezone(zone),
        rows.action_name(found.code),
        found.code,
        found.result,
        found.reason,
        rows.client_name(found.client),
        rows.one_line(found.actor_label),
        found.actor_kind,
        found.actor_id,
        rows.one_line(found.acting_for),
        rows.one_line(found.target_label),
        found.target_type,
        found.target_id,
        rows.one_line(found.organization_label),
        found.organization_id,
        "; ".join(f"{one['field']}: {_cell(one['before'])} → {_cell(one['after'])}" for one in found.changes),
        "; ".join(f"{name}: {_cell(value)}" for name, value in found.facts.items()),
        found.address,
        found.request_id,
        str(found.batch_id or ""),
    )


def _cell(value: object) -> str:
    return "" if value is None else rows.one_line(str(value))


def _table(reader: Reader, state: LogState, place: LogPlace, now: dt.datetime) -> dict[str, Any]:
    """The rows with their footer, or what is said in their place."""
    wanted = state.wanted(now=now)

    def read() -> tuple[queries.Page, tuple[int, bool]]:
        page = queries.entries_page(reader, wanted, older_than=state.before, newer_than=state.after, size=SIZE)
        return page, queries.count_entries(reader, wanted)

    found = patiently(read)
    if found is None:
        return {"rows": "", "too_long": True}
    page, (count, capped) = found
    entries = page.entries
    older = (entries[-1].at, entries[-1].pk) if entries and page.has_older else None
    newer = (entries[0].at, entries[0].pk) if entries and page.has_newer else None
    total = f"{_number(count)}+" if capped else _number(count)
    return {
        "rows": lines_html(entries, place=place, query=state.query),
        "total": total,
        "announced": _("%(total)s found") % {"total": total},
        "shown": len(entries),
        "newer_url": place.at(state.first_page(after=newer)) if newer else "",
        "older_url": place.at(state.first_page(before=older)) if older else "",
        "newest_url": place.at(state.first_page()) if state.before or state.after else "",
    }


def _tools(reader: Reader, state: LogState, place: LogPlace, now: dt.datetime) -> dict[str, Any]:
    """What stands above the table: each choice with its address."""
    chosen = "" if state.own_days else state.period
    anybody = place.person is None
    nobody = {"person": None, "part": ""} if anybody else {}
    return {
        "state": state,
        "place": place,
        "page_address": state.first_page().address(),
        "filtered": state.is_filtered(with_person=anybody),
        "everything_url": place.at(state.first_page(query="", clients=(), results=(), **nobody)),
        "scopes": [
            (_("With all below"), place.at(state.first_page(here_only=False)), not state.here_only),
            (
                _("%(organization)s only") % {"organization": reader.home_name},
                place.at(state.first_page(here_only=True)),
                state.here_only,
            ),
        ]
        if anybody
        else [],
        "periods": [
            (code, label, place.at(state.in_period(code)), code == chosen) for code, (label, _span) in PERIODS.items()
        ],
        "period_text": state.period_text(now=now),
        "today": timezone.localtime(now).date(),
        "clients": [(client.value, client.label, client.value in state.clients) for client in Client],
        "clients_said": _said([str(Client(client).label) for client in state.clients]),
        "results": [(one.value, one.label, _STATUS[one], one.value in state.results) for one in Result],
        "results_said": _said([str(Result(result).label) for result in state.results]),
        "person_name": _person_name(reader, state) if anybody else "",
        "parts": [
            (label, place.at(state.first_page(part=part)), state.part == part)
            for label, part in zip(place.parts, ("", "by", "on"), strict=True)
        ],
    }


def _person_name(reader: Reader, state: LogState) -> str:
    if state.person is None:
        return ""
    return queries.person_label(reader, state.person) or _("Person %(id)s") % {"id": state.person}


def _said(names: list[str]) -> str:
    """The first two of what was chosen, and how many more."""
    more = f" +{len(names) - 2}" if len(names) > 2 else ""
    return ", ".join(names[:2]) + more


def _number(number: int) -> str:
    return number_format(number, force_grouping=True)
