"""The Organizations page: the tree, or a list that is searched, filtered and sorted; each state has an address."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from allauth.core.internal import ratelimit
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django.views.decorators.http import require_GET, require_POST, require_safe

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.access.place import organization_now
from fleetfolk.console import marking
from fleetfolk.console.choices import Choice
from fleetfolk.console.csv_export import CONTENT_TYPE, csv_lines
from fleetfolk.console.downloads import download_from
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.console.list_page import Column, Filter, ListPage
from fleetfolk.devices.permissions import ORG_DEVICES_VIEW
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.actions import ExportOrganizations, ExportOrganizationsInput
from fleetfolk.organizations.models import OrganizationKind
from fleetfolk.organizations.permissions import CREATE_ORGANIZATIONS
from fleetfolk.tree import directory
from fleetfolk.tree.directory import Listing
from fleetfolk.tree.listing import branches_open, organizations_counted, organizations_listed, reach_of
from fleetfolk.tree.organizations_csv import header, lines_of
from fleetfolk.tree.web.rows import REGION, rows_html
from fleetfolk.tree.web.state import KINDS, PARTS, TreeState

DOWNLOADS: Final = {"organizations_export": "10/10m/user"}


def _nothing() -> dict[str, Any]:
    return {
        "icon": "sitemap",
        "heading": _("No organization here"),
        "text": _("Organizations below yours are here, with how many people and devices each has."),
    }


def _offered(
    name: str, actor: Actor, *, query: str = "", chosen: Sequence[Any] = (), chosen_only: bool = False
) -> list[Choice]:
    """The types, those that are chosen first."""
    if name != "kind":
        return []
    kinds = [Choice(key=kind, label=str(OrganizationKind(kind).label)) for kind in KINDS]
    held = [one for one in kinds if one.key in chosen]
    others = [one for one in kinds if one.key not in chosen and query.lower() in one.label.lower()]
    return held if chosen_only else [*held, *others]


PAGE = ListPage(
    space="organizations",
    template="tree/list.html",
    region=REGION,
    cookie="fleetfolk-organization-columns",
    css="ff-users ff-tree",
    title=_("Organizations"),
    search_label=_("Search organizations"),
    search_hint=_("Name"),
    caption=_("Organizations, sorted by %(column)s"),
    counted=ngettext_lazy("%(total)s organization", "%(total)s organizations", "count"),
    not_found=_("No organization found for “%(query)s”"),
    not_held=_("No organization's name holds all of it."),
    not_fitting=_("No organization fits these filters"),
    nothing=_nothing,
    columns={
        "kind": Column(label=_("Type")),
        "users": Column(label=_("Users"), css="right"),
        "devices": Column(label=_("Devices"), css="right"),
        "below": Column(label=_("Organizations below"), heading=_("Below"), css="right"),
        "created": Column(label=_("Created"), css="right", at_first=False),
    },
    filters=(Filter(name="kind", label=_("Type"), find=_("Find a type")),),
    offered=_offered,
    switch="tree/list.html#views",
)


@console_view
@require_safe
def organization_list(request: ConsoleRequest) -> HttpResponse:
    """The page, or for htmx its table with what stands above it."""
    state, columns = TreeState.of(request.GET), PAGE.columns_of(request)
    listing = listing_of(request.actor, state)
    found = organizations_listed(listing)
    if state.is_tree:
        found = replace(found, total=organizations_counted(listing))  # With what is below closed branches.
    grants = grants_of(request.actor)
    rows = rows_html(
        found.rows,
        columns=frozenset(columns),
        words=marking.words_of(state.query),
        state=state,
        tops=listing.tops,
        opened=listing.shown_below,
        sees_devices=bool(GATE.paths_within_reach(request.actor, ORG_DEVICES_VIEW, grants)),
    )
    context = {
        **PAGE.table(state, columns, found, rows=rows),
        "bubbles": _bubbles(state),
        "tree_url": state.first_page(sort="tree", descending=False).address(),
        "flat_url": state.first_page(sort="name", descending=False).address(),
        "in_order": state.sort == "tree",
        "may_create": GATE.decide(request.actor, CREATE_ORGANIZATIONS, organization_now(request), grants).allowed,
        "export_url": reverse("organizations:export") + state.first_page().address(),
    }
    return PAGE.answer(request, state, context)


@console_view
@require_safe
def organization_count(request: ConsoleRequest) -> HttpResponse:
    """How many organizations the list has."""
    state = TreeState.of(request.GET)
    return PAGE.count(request, state, organizations_counted(listing_of(request.actor, state)))


@console_view
@require_safe
def filter_choices(request: ConsoleRequest, name: str) -> HttpResponse:
    """The entries of a filter that hold what was typed."""
    reach_of(request.actor)
    return PAGE.choices(request, TreeState.of(request.GET), name)


@console_view
@require_POST
def choose_columns(request: ConsoleRequest) -> HttpResponse:
    """This browser remembers the columns; the page comes again with them."""
    reach_of(request.actor)
    return PAGE.choose_columns(request)


@console_view
@download_from("organizations:list")
@require_GET
def export(request: ConsoleRequest) -> HttpResponseBase:
    """The list as a file, with everything below closed branches; that it was taken is in the log."""
    if not ratelimit.consume(request, app="fleetfolk", action="organizations_export", config=DOWNLOADS, limit_get=True):
        return ratelimit.respond_429(request)
    state = TreeState.of(request.GET).first_page()
    listing = replace(listing_of(request.actor, state), shown_below=None)
    perform(
        ExportOrganizations,
        actor=request.actor,
        target_id=organization_now(request).pk,
        data=ExportOrganizationsInput(filters=state.address().lstrip("?")),
    )
    sees_devices = bool(GATE.paths_within_reach(request.actor, ORG_DEVICES_VIEW))
    lines = csv_lines(header(), lines_of(listing, sees_devices=sees_devices))
    answer = StreamingHttpResponse(lines, content_type=CONTENT_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="organizations-{timezone.localtime():%Y-%m-%d}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


def listing_of(actor: Actor, state: TreeState) -> Listing:
    """The organizations that the state asks for, as far as the actor reaches. Raises `Denied` without the right."""
    reach = reach_of(actor)
    return replace(
        reach,
        shown_below=branches_open(reach, state.open) if state.is_tree else None,
        words=marking.words_of(state.query),
        kinds=state.kind,
        part=state.part,  # type: ignore[arg-type]
        sort=state.sort,  # type: ignore[arg-type]
        descending=state.descending,
        after=state.key(directory.SORTS),
        backward=state.backward,
    )


def _bubbles(state: TreeState) -> SafeString:
    """The parts of the tree, a click each."""
    parts = [("", _("All")), *PARTS.items()]
    bubbles = [
        {
            "part": part or "all",
            "label": label,
            "url": state.first_page(part=part, open=() if part else state.open).address(),
            "chosen": part == state.part,
        }
        for part, label in parts
    ]
    return render_to_string("tree/bubbles.html", {"bubbles": bubbles, "region": REGION})
