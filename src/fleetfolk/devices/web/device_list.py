"""The Devices page: search as one types, filter, sort, page, or look at the map; every state of it has an address."""

import functools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from django.http import HttpResponse
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy
from django.views.decorators.http import require_POST, require_safe

from fleetfolk.access.gate import GATE
from fleetfolk.console import marking
from fleetfolk.console.bubbles import narrowings
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.console.list_page import Column, Filter, ListPage
from fleetfolk.devices import choices, directory
from fleetfolk.devices.directory import Listing
from fleetfolk.devices.listing import (
    MOST_ON_MAP,
    ListedDevice,
    devices_counted,
    devices_listed,
    devices_on_map,
    reach_of,
)
from fleetfolk.devices.web.device_rows import rows_html, spots_html
from fleetfolk.devices.web.device_state import DeviceListState
from fleetfolk.jobs.web.bulk_panels import acts_offered
from fleetfolk.kernel.actor import Actor
from fleetfolk.organizations.location_words import Words
from fleetfolk.users.models import User
from fleetfolk.users.permissions import VIEW_USERS
from fleetfolk.users.signed_in import location_words_for


def _no_devices() -> dict[str, Any]:
    return {
        "icon": "device-desktop-analytics",
        "heading": _("No devices yet"),
        "text": _("Devices that are added, claimed or imported are here, with what they last reported."),
        "url": reverse("activation:create"),
        "label": _("Add device"),
        "dialog": True,
    }


PAGE = ListPage(
    space="devices",
    template="devices/device_list.html",
    region="fleet",
    cookie="fleetfolk-device-columns",
    css="ff-users ff-devices",
    title=_("Devices"),
    search_label=_("Search devices"),
    search_hint=_("Name, serial, token end, owner, metadata"),
    caption=_("Devices, sorted by %(column)s"),
    counted=ngettext_lazy("%(total)s device", "%(total)s devices", "count"),
    not_found=_("No device found for “%(query)s”"),
    not_held=_("No name, serial number, firmware, end of a token, metadata, template, owner or place holds all of it."),
    not_fitting=_("No device fits these filters"),
    nothing=_no_devices,
    columns={
        "status": Column(label=_("Status")),
        "reported": Column(label=_("Last reported"), css="right"),
        "template": Column(label=_("Template")),
        "owner": Column(label=_("Owner")),
        "organization": Column(label=_("Organization")),
        "location": Column(label=_("Location")),
        "firmware": Column(label=_("Firmware")),
        "tags": Column(label=_("Tags"), css="w-tags"),
        "activated": Column(label=_("Activated"), css="right", at_first=False),
    },
    pairs=(("status", "reported"), ("organization", "location")),
    filters=(
        Filter(name="status", label=_("Status"), find=_("Find a status")),
        Filter(name="template", label=_("Template"), find=_("Find a template")),
        Filter(name="organization", label=_("Organization"), find=_("Find an organization")),
        Filter(name="location", label=_("Location"), find=_("Find a location")),
        Filter(name="tag", label=_("Tag"), find=_("Find a tag")),
    ),
    offered=choices.offered,
    switch="devices/device_list.html#views",
)


def _page_for(request: ConsoleRequest) -> ListPage:
    """The page in the viewer's words."""
    return _page_in(location_words_for(cast("User", request.user)))


@functools.cache
def _page_in(words: Words) -> ListPage:
    return PAGE.renamed("location", label=words.one, find=words.find, plain=words.plain)


def profiles_of(actor: Actor, devices: Sequence[ListedDevice]) -> frozenset[int]:
    """The owners of these devices whose profiles the actor may open."""
    owners = User.objects.filter(pk__in={device.owner_id for device in devices if device.owner_id is not None})
    within = GATE.within_reach(owners, actor=actor, permission=VIEW_USERS)
    return frozenset(within.values_list("pk", flat=True))


@console_view
@require_safe
def device_list(request: ConsoleRequest) -> HttpResponse:
    """The page, or for htmx its table with the chips above it."""
    state = DeviceListState.of(request.GET)
    page, columns = _page_for(request), PAGE.columns_of(request)
    found = devices_listed(listing_of(request.actor, state))
    acts = acts_offered(request.actor, "devices")
    shown = frozenset({*columns, "pick"} if acts else columns)
    profiles = profiles_of(request.actor, found.rows) if "owner" in shown else frozenset[int]()
    rows = rows_html(found.rows, columns=shown, words=marking.words_of(state.query), profiles=profiles)
    context = {"acts_on_many": acts, **_views(state), **page.table(state, columns, found, rows=rows)}
    return page.answer(request, state, context)


@console_view
@require_safe
def device_map(request: ConsoleRequest) -> HttpResponse:
    """The same devices where they are, as far as that is known, with a list beside the map."""
    state = DeviceListState.of(request.GET)
    devices, more = devices_on_map(listing_of(request.actor, state))
    number = number_format(len(devices), force_grouping=True)
    context = {
        **_views(state),
        "instead": "devices/device_list.html#map",
        "devices": devices,
        "spots": spots_html(devices, words=marking.words_of(state.query)),
        "matches": ngettext("%(count)s on the map", "%(count)s on the map", len(devices)) % {"count": number},
        "most": MOST_ON_MAP if more else 0,
    }
    return _page_for(request).answer(request, state, context)


@console_view
@require_safe
def device_count(request: ConsoleRequest) -> HttpResponse:
    """How many devices the list has, for a page that was shown before they were counted."""
    state = DeviceListState.of(request.GET)
    return PAGE.count(request, state, devices_counted(listing_of(request.actor, state)))


@console_view
@require_safe
def filter_choices(request: ConsoleRequest, name: str) -> HttpResponse:
    """The entries of a filter that hold what was typed."""
    reach_of(request.actor)
    return PAGE.choices(request, DeviceListState.of(request.GET), name)


@console_view
@require_POST
def choose_columns(request: ConsoleRequest) -> HttpResponse:
    """This browser remembers the columns; the page comes again with them."""
    reach_of(request.actor)
    return PAGE.choose_columns(request)


def listing_of(actor: Actor, state: DeviceListState) -> Listing:
    """The devices that the state asks for, as far as the actor reaches. Raises `Denied` without the right."""
    return replace(
        reach_of(actor, statuses=state.status),
        typed=state.query,
        template_ids=state.template,
        organization_ids=state.organization,
        location_ids=state.location,
        tag_ids=state.tag,
        narrowed=narrowings("devices", actor, state.segment),
        sort=state.sort,  # type: ignore[arg-type]
        descending=state.descending,
        after=state.key(directory.SORTS),
        backward=state.backward,
    )


def _views(state: DeviceListState) -> dict[str, str]:
    """The addresses of the list and of the map of the same devices."""
    first = state.first_page().address()
    return {"list_url": reverse("devices:list") + first, "map_url": reverse("devices:map") + first}
