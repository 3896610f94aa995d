"""The Devices page: search as one types, filter, sort, page, or look at the map; every state of it has an address."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.formats import number_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from fleetfolk.access.gate import GATE
from fleetfolk.console import marking, place, states
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.console.stencil import blank, stencil_of
from fleetfolk.devices import choices, directory
from fleetfolk.devices.directory import Listing
from fleetfolk.devices.listing import (
    MOST_ON_MAP,
    ListedPage,
    Total,
    devices_counted,
    devices_listed,
    devices_on_map,
    reach_of,
)
from fleetfolk.devices.permissions import ORG_DEVICES_DELETE
from fleetfolk.devices.web.device_rows import rows_html
from fleetfolk.devices.web.device_state import (
    COLUMNS,
    FILTERS,
    SHOWN_AT_FIRST,
    SORTS,
    STATUS_WORDS,
    DeviceListState,
)
from fleetfolk.kernel.actor import Actor

PAGE = "devices/device_list.html"
TARGET = "fleet"
COLUMNS_COOKIE = "fleetfolk-device-columns"
A_YEAR = 365 * 24 * 3600
RIGHT = {"reported": "right", "activated": "right", "tags": "w-tags"}


@console_view
@require_safe
def device_list(request: ConsoleRequest) -> HttpResponse:
    """The page, or for htmx its table with the chips above it."""
    state = DeviceListState.of(request.GET)
    columns = _columns(request)
    found = devices_listed(listing_of(request.actor, state))
    table_only = bool(request.htmx) and request.htmx.target == TARGET
    shown = rows_html(found.devices, columns=frozenset(columns), words=marking.words_of(state.query))
    context = {
        **_frame(request, state, table_only=table_only),
        "view": "list",
        "rows": shown,
        "headings": _headings(state, columns),
        "empty": None if found.devices else _empty(state),
        **_pager(state, found),
        "all_columns": [
            {"name": name, "label": label, "shown": name in columns, "at_first": name in SHOWN_AT_FIRST}
            for name, label in COLUMNS.items()
        ],
    }
    return render(request, f"{PAGE}#fleet" if table_only else PAGE, context)


@console_view
@require_safe
def device_map(request: ConsoleRequest) -> HttpResponse:
    """The same devices where they are, as far as that is known, with a list beside the map."""
    state = DeviceListState.of(request.GET)
    table_only = bool(request.htmx) and request.htmx.target == TARGET
    devices, more = devices_on_map(listing_of(request.actor, state))
    number = number_format(len(devices), force_grouping=True)
    matches = ngettext("%(count)s on the map", "%(count)s on the map", len(devices)) % {"count": number}
    context = {
        **_frame(request, state, table_only=table_only),
        "view": "map",
        "devices": devices,
        "words": marking.words_of(state.query),
        "matches": matches,
        "most": MOST_ON_MAP if more else 0,
        "empty": None if devices else _nowhere(state),
    }
    return render(request, f"{PAGE}#fleet" if table_only else PAGE, context)


@console_view
@require_safe
def device_count(request: ConsoleRequest) -> HttpResponse:
    """How many devices the list has, for a page that was shown before they were counted."""
    state = DeviceListState.of(request.GET)
    return render(request, f"{PAGE}#count", _counts(state, devices_counted(listing_of(request.actor, state))))


@console_view
@require_safe
def filter_choices(request: ConsoleRequest, name: str) -> HttpResponse:
    """The entries of a filter that hold what was typed."""
    state = DeviceListState.of(request.GET)
    reach_of(request.actor)
    offered = _offered(request, state, name, query=request.GET.get("find", "")[:80])
    return render(request, f"{PAGE}#choices", {"chip": {"name": name, "choices": offered}})


@console_view
@require_POST
def choose_columns(request: ConsoleRequest) -> HttpResponse:
    """This browser remembers the columns; the page comes again with them."""
    reach_of(request.actor)
    chosen = [name for name in COLUMNS if name in request.POST.getlist("column")]
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    answer: HttpResponse = (
        HttpResponseClientRefresh() if request.htmx else HttpResponseRedirect(back if safe else reverse("devices:list"))
    )
    answer.set_cookie(COLUMNS_COOKIE, ".".join(chosen) or "none", max_age=A_YEAR, samesite="Lax", httponly=True)
    return answer


def listing_of(actor: Actor, state: DeviceListState) -> Listing:
    """The devices that the state asks for, as far as the actor reaches. Raises `Denied` without the right."""
    return replace(
        reach_of(actor, statuses=state.statuses),
        typed=state.query,
        template_ids=state.template,
        organization_ids=state.organization,
        location_ids=state.location,
        tag_ids=state.tag,
        sort=state.sort,  # type: ignore[arg-type]
        descending=state.descending,
        after=place.read(state.after or state.before, columns=directory.SORTS[state.sort]),  # type: ignore[index]
        backward=bool(state.before and not state.after),
    )


def _frame(request: ConsoleRequest, state: DeviceListState, *, table_only: bool) -> dict[str, Any]:
    """What list and map have in common."""
    first = state.first_page().address()
    return {
        "state": state,
        "chips": _chips(request, state),
        "chips_again": table_only,
        "list_url": reverse("devices:list") + first,
        "map_url": reverse("devices:map") + first,
        "add_url": _address("activation:create"),
        "import_url": _address("activation:import"),
    }


def _address(name: str) -> str:
    """The address of a page that another part of the package may have."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _columns(request: HttpRequest) -> Sequence[str]:
    kept = request.COOKIES.get(COLUMNS_COOKIE)
    if kept is None:
        return SHOWN_AT_FIRST
    return tuple(name for name in COLUMNS if name in kept.split("."))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sort:
    """A word of a heading, and the address of the list sorted by it (a blank); `sorted` is the direction, if it is."""

    name: str
    label: str
    url: str
    sorted: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Heading:
    """The heading of a column. Some share one, as they share a cell of two lines."""

    sorts: tuple[_Sort, ...]
    sorted: str
    css: str


_PAIRS = (("status", "reported"), ("organization", "location"))


def _headings(state: DeviceListState, columns: Sequence[str]) -> SafeString:
    """The cells of the table's head, drawn through a stencil: only the addresses change from letter to letter."""
    shown: list[tuple[str, ...]] = [("name",)]
    for name in COLUMNS:
        if name not in columns:
            continue
        pair = next((pair for pair in _PAIRS if name in pair and set(pair) <= set(columns)), None)
        if pair is None:
            shown.append((name,))
        elif name == pair[0]:
            shown.append(pair)
    headings = tuple(_heading(state, group) for group in shown)
    addresses = {
        sort.name: state.sorted_by(sort.name).address() for head in headings for sort in head.sorts if sort.url
    }
    return stencil_of(f"{PAGE}#headings", headings=headings).filled([addresses])


def _heading(state: DeviceListState, names: Sequence[str]) -> _Heading:
    sorts = tuple(_sort(state, name) for name in names)
    return _Heading(
        sorts=sorts,
        sorted="".join(sort.sorted for sort in sorts),
        css=f"{RIGHT.get(names[0], '')} {'' if names[0] == 'name' else 'hide-s'}".strip(),
    )


def _sort(state: DeviceListState, name: str) -> _Sort:
    return _Sort(
        name=name,
        label=_("Name") if name == "name" else str(COLUMNS[name]),
        url=blank(name) if name in SORTS else "",
        sorted=("descending" if state.descending else "ascending") if name == state.sort else "",
    )


def _pager(state: DeviceListState, found: ListedPage) -> dict[str, Any]:
    page = found.page
    return {
        **_counts(state, found.total),
        "keep_total": found.total is None and bool(state.after or state.before),
        "count_url": "" if found.total else reverse("devices:count") + state.first_page().address(),
        "shown": len(found.devices),
        "caption": _("Devices, sorted by %(column)s") % {"column": SORTS[state.sort]},
        "sorted_note": _("sorted by %(column)s") % {"column": SORTS[state.sort]},
        "previous_url": state.at(before=place.write(page.keys[0])).address() if page.has_previous and page.keys else "",
        "next_url": state.at(after=place.write(page.keys[-1])).address() if page.has_next and page.keys else "",
    }


def _counts(state: DeviceListState, total: Total | None) -> dict[str, str]:
    """How many there are, alone and in words; empty while that is not known."""
    if total is None:
        return {"total": "", "matches": ""}
    number = number_format(total.count, force_grouping=True) + ("+" if total.capped else "")
    if state.is_filtered:
        matches = ngettext("%(total)s matches", "%(total)s match", total.count)
    else:
        matches = ngettext("%(total)s device", "%(total)s devices", total.count)
    return {"total": number, "matches": matches % {"total": number}}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Chip:
    """A filter: what it is set to, and where its entries come from."""

    name: str
    label: str
    find: str
    more_url: str = blank("more_url")
    said: str = ""
    choices: tuple[dict[str, Any], ...] = ()


def _chips(request: ConsoleRequest, state: DeviceListState) -> SafeString:
    """The filters as HTML. Those that are not set are the same for everybody, but for an address."""
    chips = (
        _Chip(name="status", label=_("Status"), find=_("Find a status")),
        _Chip(name="template", label=_("Template"), find=_("Find a template")),
        _Chip(name="organization", label=_("Organization"), find=_("Find an organization")),
        _Chip(name="location", label=_("Location"), find=_("Find a location")),
        _Chip(name="tag", label=_("Tag"), find=_("Find a tag")),
    )
    drawn = []
    for chip in chips:
        address = reverse("devices:choices", args=[chip.name]) + state.address()
        if state.statuses if chip.name == "status" else state.chosen(chip.name):
            held = tuple(_offered(request, state, chip.name, chosen_only=True))
            set_to = replace(chip, more_url=address, said=_said(held), choices=held)
            drawn.append(render_to_string(f"{PAGE}#chip", {"chip": set_to}))
        else:
            drawn.append(stencil_of(f"{PAGE}#chip", chip=chip).filled([{"more_url": address}]))
    return SafeString("".join(drawn))


def _said(held: Sequence[dict[str, Any]]) -> str:
    if not held:
        return _("nothing that you may see")
    return str(held[0]["label"]) if len(held) == 1 else f"{held[0]['label']} +{len(held) - 1}"


def _offered(
    request: ConsoleRequest, state: DeviceListState, name: str, *, query: str = "", chosen_only: bool = False
) -> list[dict[str, Any]]:
    if name == "status":
        entries = [
            {"value": status, "label": _status_label(word), "status": word, "chosen": status in state.statuses}
            for status, word in STATUS_WORDS.items()
            if chosen_only or status != "deleted" or GATE.paths_within_reach(request.actor, ORG_DEVICES_DELETE)
        ]
    else:
        chosen = state.chosen(name) if name in FILTERS else ()
        found = choices.offered(name, request.actor, query=query, chosen=chosen, chosen_only=chosen_only)
        entries = [
            {"value": choice.key, "label": choice.label, "status": "", "chosen": choice.key in chosen}
            for choice in found
        ]
    return [entry for entry in entries if entry["chosen"]] if chosen_only else entries


def _status_label(word: str) -> str:
    return str(states.WORDS[word])


def _empty(state: DeviceListState) -> dict[str, Any]:
    """What stands in the place of rows, and the one next step."""
    if state.query:
        text = _(
            "No name, serial number, firmware, end of a token, metadata, template, owner or place holds all of it."
        )
        if replace(state, query="").is_filtered:
            text = _("Within the filters that are set, nothing holds all of these words.")
        return {
            "icon": "search",
            "heading": _("No device found for “%(query)s”") % {"query": state.query},
            "text": text,
            "url2": state.first_page(query="").address(),
            "label2": _("Drop the search"),
        }
    if state.is_filtered:
        return {
            "icon": "filter",
            "heading": _("No device fits these filters"),
            "text": _("Choose fewer, or reset them."),
            "url2": DeviceListState().address(),
            "label2": _("Reset the filters"),
        }
    create = _address("activation:create")
    return {
        "icon": "device-desktop-analytics",
        "heading": _("No devices yet"),
        "text": _("Devices that are added, claimed or imported are here, with what they last reported."),
        "url": create,
        "label": _("Add device") if create else "",
        "dialog": True,
    }


def _nowhere(state: DeviceListState) -> dict[str, Any]:
    return {
        "icon": "map-pin",
        "heading": _("None of these devices has a place"),
        "text": _("A device is on the map when it reports where it is, or when its place is set on its page."),
        "url2": reverse("devices:list") + state.first_page().address(),
        "label2": _("Show the list"),
    }
