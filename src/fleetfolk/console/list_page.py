"""The page of a long list: search as one types, filter, sort, page, choose columns; every state of it has an address.

A page says what it is made of in a `ListPage`; `docs/howto/add-a-list-page.md` goes through it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, Self

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRefresh
from django_stubs_ext import StrPromise

from fleetfolk.console import bubbles, place
from fleetfolk.console.choices import Choice
from fleetfolk.console.http import ConsoleRequest
from fleetfolk.console.list_state import ListState, Order
from fleetfolk.console.listed import Listed, Total
from fleetfolk.console.stencil import Stencil, blank, kept, stencil_of
from fleetfolk.console.typed import typed
from fleetfolk.kernel.actor import Actor

FRAME = "console/list_page.html"
A_YEAR = 365 * 24 * 3600
LONGEST_FIND = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column beside the first: its word in the choice of columns and, where that is another, in its heading."""

    label: StrPromise
    heading: StrPromise | None = None
    css: str = ""
    at_first: bool = True


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Filter:
    """A filter: its word, and the word of the search among its entries."""

    name: str
    label: StrPromise
    find: StrPromise


class Offered(Protocol):
    """What a filter offers this actor: those that hold the query, with the chosen ones, or these alone."""

    def __call__(
        self, name: str, actor: Actor, *, query: str = "", chosen: Sequence[Any] = (), chosen_only: bool = False
    ) -> Sequence[Choice]: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class _Chip:
    """A filter as it is drawn: what it is set to, and where its entries come from."""

    name: str
    label: str
    find: str
    more_url: str = blank("more_url")
    said: str = ""
    choices: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Sort:
    """A word of a heading, and the address of the list sorted by it (a blank); `sorted` is the direction, if it is."""

    name: str
    label: str
    url: str
    sorted: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """The heading of a column. Some share one, as they share a cell of two lines."""

    sorts: tuple[Sort, ...]
    sorted: str
    css: str


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class ListPage:
    """What a list page is made of. Its addresses are ``space``'s list, count, columns and choices.

    ``template`` extends `console/list_page.html` and has the partial ``row``, a stencil. ``region`` is the id of what
    htmx replaces, ``css`` the look of the table, ``cookie`` remembers the columns. ``pairs`` of columns share a cell.
    ``switch`` is a partial that stands beside the title and changes with the state. ``sorted_by`` has the words of
    columns that a viewer calls otherwise than the state's order does.

    ``counted`` says how many there are (``%(total)s``, by ``count``), ``caption`` how they are sorted (``%(column)s``).
    ``not_found`` (``%(query)s``) and ``not_held`` say that a search finds nothing, ``not_fitting`` that filters leave
    nothing. Where there is nothing at all stands what ``nothing`` gives: what `components/empty.html` needs.
    """

    space: str
    template: str
    region: str
    cookie: str
    title: StrPromise
    search_label: StrPromise
    search_hint: StrPromise
    caption: StrPromise
    counted: StrPromise
    not_found: StrPromise
    not_held: StrPromise
    not_fitting: StrPromise
    nothing: Callable[[], dict[str, Any]]
    columns: Mapping[str, Column]
    pairs: tuple[tuple[str, str], ...] = ()
    filters: tuple[Filter, ...]
    offered: Offered
    css: str = "ff-users"
    switch: str = ""
    sorted_by: Mapping[str, StrPromise] = field(default_factory=dict)

    def renamed(self, column: str, *, label: StrPromise, find: StrPromise, plain: StrPromise, **changes: Any) -> Self:
        """The page where this column and its filter are called otherwise; ``plain`` stands inside sentences."""
        called = {**self.columns, column: replace(self.columns[column], label=label)}
        filters = (replace(one, label=label, find=find) if one.name == column else one for one in self.filters)
        return replace(self, columns=called, filters=tuple(filters), sorted_by={column: plain}, **changes)

    def answer(self, request: ConsoleRequest, state: ListState, context: dict[str, Any]) -> HttpResponse:
        """The page, or for htmx its region with what changes above it.

        The context holds either what `table` gives, or ``instead``, a partial that stands in the table's place, with
        what that needs; and ``matches``, how many there are in words.
        """
        again = bool(request.htmx) and request.htmx.target == self.region
        above = bubbles.above(request, self.space, state, self.region)
        chips = self._chips(request.actor, state)
        context = {"list": self, "state": state, "chips": chips, "again": again, **above, **context}
        if again:
            return render(request, f"{FRAME}#region", context)
        shown = self.columns_of(request)
        context["all_columns"] = [
            {"name": name, "label": column.label, "shown": name in shown, "at_first": column.at_first}
            for name, column in self.columns.items()
        ]
        return render(request, self.template, context)

    def table(
        self, state: ListState, columns: Sequence[str], found: Listed[Any], *, rows: SafeString
    ) -> dict[str, Any]:
        """The rows below their headings, above the pager; or what stands in their place."""
        page = found.page
        first, last = (place.write(page.keys[0]), place.write(page.keys[-1])) if page.keys else ("", "")
        words = {"column": self.sorted_by.get(state.sort) or state.order.words[state.sort]}
        return {
            "rows": rows,
            "headings": self._headings(state, columns),
            "empty": None if found.rows else self._empty(state),
            **self._counts(state, found.total),
            "keep_total": found.total is None and bool(state.after or state.before),
            "count_url": "" if found.total else reverse(f"{self.space}:count") + state.first_page().address(),
            "shown": len(found.rows),
            "caption": self.caption % words,
            "sorted_note": _("sorted by %(column)s") % words,
            "previous_url": state.at(before=first).address() if page.has_previous and first else "",
            "next_url": state.at(after=last).address() if page.has_next and last else "",
        }

    def count(self, request: ConsoleRequest, state: ListState, total: Total) -> HttpResponse:
        """How many the list has, for a page that was shown before they were counted."""
        return render(request, f"{FRAME}#count", self._counts(state, total))

    def choices(self, request: ConsoleRequest, state: ListState, name: str) -> HttpResponse:
        """The entries of a filter that hold what was typed."""
        query = typed(request.GET, "find", longest=LONGEST_FIND)
        chip = {"name": name, "choices": self._entries(request.actor, state, name, query=query)}
        return render(request, f"{FRAME}#choices", {"chip": chip})

    def choose_columns(self, request: ConsoleRequest) -> HttpResponse:
        """This browser remembers the columns; the page comes again with them."""
        chosen = [name for name in self.columns if name in request.POST.getlist("column")]
        back = request.POST.get("next", "")
        safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
        answer: HttpResponse = (
            HttpResponseClientRefresh()
            if request.htmx
            else HttpResponseRedirect(back if safe else reverse(f"{self.space}:list"))
        )
        answer.set_cookie(self.cookie, ".".join(chosen) or "none", max_age=A_YEAR, samesite="Lax", httponly=True)
        return answer

    def columns_of(self, request: HttpRequest) -> tuple[str, ...]:
        """The columns that this browser shows, in their order."""
        kept = request.COOKIES.get(self.cookie)
        if kept is None:
            return tuple(name for name, column in self.columns.items() if column.at_first)
        remembered = kept.split(".")
        return tuple(name for name in self.columns if name in remembered)

    def _headings(self, state: ListState, columns: Sequence[str]) -> SafeString:
        """The cells of the table's head, drawn through a stencil: only the addresses change from letter to letter."""
        shape = _headings_shape(self, state.order, tuple(columns), (state.sort, state.descending), get_language())
        return shape.filled([state.addresses_sorted_by(state.order.words)])

    def heading_of(self, names: Sequence[str], *, order: Order, sort: str, descending: bool) -> Heading:
        """The heading of these columns, in a list that is sorted so."""
        direction = "descending" if descending else "ascending"
        columns = {name: self.columns.get(name) for name in names}
        sorts = tuple(
            Sort(
                name=name,
                label=str(column.heading or column.label) if column else _("Name"),
                url=blank(name) if name in order.words else "",
                sorted=direction if name == sort else "",
            )
            for name, column in columns.items()
        )
        first = columns[names[0]]
        css = f"{first.css} hide-s".strip() if first else ""
        return Heading(sorts=sorts, sorted="".join(each.sorted for each in sorts), css=css)

    def _counts(self, state: ListState, total: Total | None) -> dict[str, str]:
        """How many there are, alone and in words; empty while that is not known."""
        if total is None:
            return {"total": "", "matches": ""}
        number = number_format(total.count, force_grouping=True) + ("+" if total.capped else "")
        if state.is_filtered:
            matches = ngettext("%(total)s matches", "%(total)s match", total.count) % {"total": number}
        else:
            matches = self.counted % {"count": total.count, "total": number}
        return {"total": number, "matches": matches}

    def _empty(self, state: ListState) -> dict[str, Any]:
        """What stands in the place of rows, and the one next step."""
        if state.query:
            others = replace(state, query="")
            return {
                "icon": "search",
                "heading": self.not_found % {"query": state.query},
                "text": _("Within the filters that are set, nothing holds all of these words.")
                if others.is_filtered
                else self.not_held,
                "url2": others.first_page().address(),
                "label2": _("Drop the search"),
            }
        if state.is_filtered:
            return {
                "icon": "filter",
                "heading": self.not_fitting,
                "text": _("Choose fewer, or reset them."),
                "url2": state.unfiltered().address(),
                "label2": _("Reset the filters"),
            }
        return self.nothing()

    def _chips(self, actor: Actor, state: ListState) -> SafeString:
        """The filters as HTML. Those that are not set are the same for everybody, but for an address."""
        drawn = []
        address = state.address()
        for each in self.filters:
            url = reverse(f"{self.space}:choices", args=[each.name]) + address
            if state.chosen(each.name):
                held = self._entries(actor, state, each.name, chosen_only=True)
                chip = replace(_chip(each), more_url=url, said=_said(held), choices=tuple(held))
                drawn.append(render_to_string(f"{FRAME}#chip", {"chip": chip}))
            else:
                drawn.append(_chip_shape(each, get_language()).filled([{"more_url": url}]))
        return SafeString("".join(drawn))

    def _entries(
        self, actor: Actor, state: ListState, name: str, *, query: str = "", chosen_only: bool = False
    ) -> list[dict[str, Any]]:
        chosen = state.chosen(name)
        return [
            {"value": choice.key, "label": choice.label, "status": choice.status, "chosen": choice.key in chosen}
            for choice in self.offered(name, actor, query=query, chosen=chosen, chosen_only=chosen_only)
            if not chosen_only or choice.key in chosen
        ]


def _chip(one: Filter) -> _Chip:
    return _Chip(name=one.name, label=str(one.label), find=str(one.find))


@kept
def _chip_shape(one: Filter, language: str | None) -> Stencil:
    """A filter that is not set."""
    return stencil_of(f"{FRAME}#chip", chip=_chip(one))


@kept
def _headings_shape(
    page: ListPage, order: Order, columns: tuple[str, ...], by: tuple[str, bool], language: str | None
) -> Stencil:
    """The headings of these columns, with a blank for the address of each sort."""
    shown: list[tuple[str, ...]] = [("name",)]
    for name in columns:
        pair = next((pair for pair in page.pairs if name in pair and set(pair) <= set(columns)), None)
        if pair is None:
            shown.append((name,))
        elif name == pair[0]:
            shown.append(pair)
    headings = tuple(page.heading_of(group, order=order, sort=by[0], descending=by[1]) for group in shown)
    return stencil_of(f"{FRAME}#headings", headings=headings, region=page.region)


def _said(held: Sequence[dict[str, Any]]) -> str:
    if not held:
        return _("nothing that you may see")
    return str(held[0]["label"]) if len(held) == 1 else f"{held[0]['label']} +{len(held) - 1}"
