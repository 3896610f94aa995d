"""The Users page: search as one types, filter, sort, page; every state of it has an address."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from fleetfolk.access.gate import grants_of
from fleetfolk.console import marking, place
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.console.stencil import blank, stencil_of
from fleetfolk.kernel.actor import Actor
from fleetfolk.users import choices, directory
from fleetfolk.users.directory import Key, Listing
from fleetfolk.users.listing import ListedPage, Total, reach_of, users_counted, users_listed
from fleetfolk.users.models import Status
from fleetfolk.users.permissions import DEACTIVATE_USERS
from fleetfolk.users.web.directory_rows import rows_html
from fleetfolk.users.web.directory_state import COLUMNS, SHOWN_AT_FIRST, SORTS, DirectoryState

PAGE = "users/user_list.html"
COLUMNS_COOKIE = "fleetfolk-columns"
A_YEAR = 365 * 24 * 3600
RIGHT = {"devices": "right w-dev", "last_sign_in": "right", "created": "right", "tags": "w-tags"}


@console_view
@require_GET
def user_list(request: ConsoleRequest) -> HttpResponse:
    """The page, or for htmx its table with the chips above it."""
    state = DirectoryState.of(request.GET)
    columns = _columns(request)
    shown = frozenset(columns)
    found = users_listed(listing_of(request.actor, state))
    table_only = bool(request.htmx) and request.htmx.target == "people"
    context = {
        "state": state,
        "rows": rows_html(found.people, columns=shown, words=marking.words_of(state.query)),
        "headings": _headings(state, columns),
        "here_url": state.first_page(here_only=True).address(),
        "below_url": state.first_page(here_only=False).address(),
        "chips": _chips(request, state),
        "chips_again": table_only,
        "empty": None if found.people else _empty(request, state),
        **_pager(state, found),
        **({} if table_only else _surroundings(request, state, columns)),
    }
    return render(request, f"{PAGE}#people" if table_only else PAGE, context)


@console_view
@require_GET
def user_count(request: ConsoleRequest) -> HttpResponse:
    """How many people the list has, for a page that was shown before they were counted."""
    state = DirectoryState.of(request.GET)
    total = users_counted(listing_of(request.actor, state))
    return render(request, f"{PAGE}#count", _counts(state, total))


@console_view
@require_GET
def filter_choices(request: ConsoleRequest, name: str) -> HttpResponse:
    """The entries of a filter that hold what was typed."""
    state = DirectoryState.of(request.GET)
    return render(
        request,
        f"{PAGE}#choices",
        {"chip": {"name": name, "choices": _offered(request, state, name, query=request.GET.get("find", "")[:80])}},
    )


@console_view
@require_POST
def choose_columns(request: ConsoleRequest) -> HttpResponse:
    """This browser remembers the columns; the page comes again with them."""
    chosen = [name for name in COLUMNS if name in request.POST.getlist("column")]
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    answer: HttpResponse = (
        HttpResponseClientRefresh() if request.htmx else HttpResponseRedirect(back if safe else reverse("users:list"))
    )
    answer.set_cookie(COLUMNS_COOKIE, ".".join(chosen) or "none", max_age=A_YEAR, samesite="Lax", httponly=True)
    return answer


def listing_of(actor: Actor, state: DirectoryState) -> Listing:
    """The people that the state asks for, as far as the actor reaches. Raises `Denied` without the right."""
    return replace(
        reach_of(actor, here_only=state.here_only, statuses=_named(state.statuses)),
        typed=state.query,
        role_ids=state.roles,
        location_ids=state.locations,
        organization_ids=state.organizations,
        sort=state.sort,  # type: ignore[arg-type]
        descending=state.descending,
        after=place.read(state.after or state.before, columns=directory.SORTS[state.sort]),  # type: ignore[index]
        backward=bool(state.before and not state.after),
    )


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
    """The heading of a column. Organization and location share one, as they share a cell of two lines."""

    sorts: tuple[_Sort, ...]
    sorted: str
    css: str


def _headings(state: DirectoryState, columns: Sequence[str]) -> SafeString:
    """The cells of the table's head, drawn through a stencil: only the addresses change from letter to letter."""
    shown: list[tuple[str, ...]] = [("name",), *((name,) for name in COLUMNS if name in columns)]
    pair = ("organization", "location")
    if {("organization",), ("location",)} <= set(shown):
        shown = [pair if group == pair[:1] else group for group in shown if group != pair[1:]]
    headings = tuple(_heading(state, group) for group in shown)
    addresses = {
        sort.name: state.sorted_by(sort.name).address() for head in headings for sort in head.sorts if sort.url
    }
    return stencil_of(f"{PAGE}#headings", headings=headings).filled([addresses])


def _heading(state: DirectoryState, names: Sequence[str]) -> _Heading:
    sorts = tuple(_sort(state, name) for name in names)
    return _Heading(
        sorts=sorts,
        sorted="".join(sort.sorted for sort in sorts),
        css=f"{RIGHT.get(names[0], '')} {'' if names[0] == 'name' else 'hide-s'}".strip(),
    )


def _sort(state: DirectoryState, name: str) -> _Sort:
    return _Sort(
        name=name,
        label=_("Name") if name == "name" else _("E-mail") if name == "email" else str(COLUMNS[name]),
        url=blank(name) if name in SORTS else "",
        sorted=("descending" if state.descending else "ascending") if name == state.sort else "",
    )


def _pager(state: DirectoryState, found: ListedPage) -> dict[str, Any]:
    page = found.page
    return {
        **_counts(state, found.total),
        "keep_total": found.total is None and bool(state.after or state.before),
        "count_url": "" if found.total else reverse("users:count") + state.first_page().address(),
        "shown": len(found.people),
        "caption": _("Users, sorted by %(column)s") % {"column": SORTS[state.sort]},
        "sorted_note": _("sorted by %(column)s") % {"column": SORTS[state.sort]},
        "previous_url": state.at(before=_place(page.keys[0])).address() if page.has_previous and page.keys else "",
        "next_url": state.at(after=_place(page.keys[-1])).address() if page.has_next and page.keys else "",
    }


def _counts(state: DirectoryState, total: Total | None) -> dict[str, str]:
    """How many there are, alone and in words; empty while that is not known."""
    if total is None:
        return {"total": "", "matches": ""}
    number = number_format(total.count, force_grouping=True) + ("+" if total.capped else "")
    if state.is_filtered:
        matches = ngettext("%(total)s matches", "%(total)s match", total.count)
    else:
        matches = ngettext("%(total)s user", "%(total)s users", total.count)
    return {"total": number, "matches": matches % {"total": number}}


def _place(key: Key) -> str:
    return place.write(key)


def _surroundings(request: ConsoleRequest, state: DirectoryState, columns: Sequence[str]) -> dict[str, Any]:
    """What stands around the table and stays when only that is drawn again."""
    return {
        "all_columns": [
            {"name": name, "label": label, "shown": name in columns, "at_first": name in SHOWN_AT_FIRST}
            for name, label in COLUMNS.items()
        ],
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class _Chip:
    """A filter: what it is set to, and where its entries come from."""

    name: str
    label: str
    find: str
    more_url: str = blank("more_url")
    said: str = ""
    choices: tuple[dict[str, Any], ...] = ()


def _chips(request: ConsoleRequest, state: DirectoryState) -> SafeString:
    """The filters as HTML. Those that are not set are the same for everybody, but for an address."""
    chips = (
        (_Chip(name="role", label=_("Role"), find=_("Find a role")), state.roles),
        (_Chip(name="status", label=_("Status"), find=_("Find a status")), state.statuses),
        (_Chip(name="location", label=_("Location"), find=_("Find a location")), state.locations),
        (_Chip(name="organization", label=_("Organization"), find=_("Find an organization")), state.organizations),
    )
    drawn = []
    for chip, chosen in chips:
        address = reverse("users:choices", args=[chip.name]) + state.address()
        if chosen:
            held = tuple(_offered(request, state, chip.name, chosen_only=True))
            drawn.append(_drawn(replace(chip, more_url=address, said=_said(held), choices=held)))
        else:
            drawn.append(stencil_of(f"{PAGE}#chip", chip=chip).filled([{"more_url": address}]))
    return SafeString("".join(drawn))


def _drawn(chip: _Chip) -> SafeString:
    return render_to_string(f"{PAGE}#chip", {"chip": chip})


def _said(held: Sequence[dict[str, Any]]) -> str:
    if not held:
        return _("nothing that you may see")
    return str(held[0]["label"]) if len(held) == 1 else f"{held[0]['label']} +{len(held) - 1}"


def _offered(
    request: ConsoleRequest, state: DirectoryState, name: str, *, query: str = "", chosen_only: bool = False
) -> list[dict[str, Any]]:
    if name == "status":
        entries = [
            {"value": status.value, "label": status.label, "status": status.value, "chosen": status in state.statuses}
            for status in Status
            if chosen_only or status != Status.DEACTIVATED or _sees_deactivated(request)
        ]
    else:
        chosen = {"role": state.roles, "location": state.locations, "organization": state.organizations}.get(name, ())
        entries = [
            {"value": choice.key, "label": choice.label, "status": "", "chosen": choice.key in chosen}
            for choice in choices.offered(name, request.actor, query=query, chosen=chosen, chosen_only=chosen_only)
        ]
    return [entry for entry in entries if entry["chosen"]] if chosen_only else entries


def _named(statuses: Sequence[Status]) -> list[directory.Status]:
    return [status.value for status in statuses]  # type: ignore[misc]


def _sees_deactivated(request: ConsoleRequest) -> bool:
    return any(DEACTIVATE_USERS.code in grant.permissions for grant in grants_of(request.actor))


def _empty(request: ConsoleRequest, state: DirectoryState) -> dict[str, Any]:
    """What stands in the place of rows, and the one next step."""
    if state.query:
        text = _("No name, e-mail, phone, role, location or organization holds all of these words.")
        if replace(state, query="").is_filtered:
            text = _("Within the filters that are set, nothing holds all of these words.")
        return {
            "icon": "search",
            "heading": _("Nobody found for “%(query)s”") % {"query": state.query},
            "text": text,
            "url2": state.first_page(query="").address(),
            "label2": _("Drop the search"),
        }
    if state.is_filtered:
        return {
            "icon": "filter",
            "heading": _("Nobody fits these filters"),
            "text": _("Choose fewer, or reset them."),
            "url2": DirectoryState(here_only=state.here_only).address(),
            "label2": _("Reset the filters"),
        }
    return {
        "icon": "users",
        "heading": _("Nobody here yet"),
        "text": _("Invite the first person by e-mail, or import a list."),
        "url": reverse("users:invite"),
        "label": _("Invite user"),
        "dialog": True,
        "url2": reverse("users:import"),
        "label2": _("Import a list"),
    }
