"""The page of one device in the console: the header, which every tab shares, and the tabs below it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django_stubs_ext import StrPromise

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import Grant, grants_of
from fleetfolk.actionlog.permissions import VIEW_ACTION_LOG
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.devices.listing import status_of
from fleetfolk.devices.models import RESTORABLE_FOR, Device
from fleetfolk.devices.permissions import EDIT_DEVICE_TOKENS, ORG_DEVICES_EDIT, VIEW_TIMELINE
from fleetfolk.devices.queries import device_detail, reported_of
from fleetfolk.devices.sides import is_close
from fleetfolk.devices.web import device_connection, device_log, device_metadata, device_timeline
from fleetfolk.devices.web.dashboard import dashboard_context
from fleetfolk.devices.web.device_acts import items_for
from fleetfolk.devices.web.sharing import panel_context
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.permissions import Permission
from fleetfolk.users.permissions import VIEW_USERS

PAGE: Final = "devices/device.html"
CHANGED: Final = "devices:changed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Tab:
    """One tab: the word in its address, its label, its template, what that needs, and the right that opens it.

    ``closely``: not for whoever only has a share that lets them see or control.
    """

    slug: str
    label: StrPromise
    template: str
    context: Callable[[ConsoleRequest, Device], dict[str, Any]]
    needs: Permission | None = None
    closely: bool = False


TABS: Final = {
    tab.slug: tab
    for tab in (
        Tab(
            slug="dashboard",
            label=_("Dashboard"),
            template="devices/dashboard.html#dashboard",
            context=dashboard_context,
        ),
        Tab(
            slug="timeline",
            label=_("Timeline"),
            template="devices/device_timeline.html",
            context=device_timeline.context,
            needs=VIEW_TIMELINE,
        ),
        Tab(
            slug="metadata",
            label=_("Metadata"),
            template="devices/device_metadata.html",
            context=device_metadata.context,
            closely=True,
        ),
        Tab(slug="access", label=_("Sharing"), template="devices/sharing.html#panel", context=panel_context),
        Tab(
            slug="log",
            label=_("Action log"),
            template="devices/device_log.html",
            context=device_log.context,
            needs=VIEW_ACTION_LOG,
        ),
        Tab(
            slug="connection",
            label=_("Connection"),
            template="devices/device_connection.html",
            context=device_connection.context,
            closely=True,
        ),
    )
}


@console_view
@require_safe
def device_page(request: ConsoleRequest, device_id: int, tab: str = "dashboard") -> HttpResponse:
    """The device's page with one tab open; through htmx, the tabs alone or the part that asks."""
    grants = grants_of(request.actor)
    device = device_detail(request.actor, device_id, grants=grants)
    if TABS[tab] not in tabs_for(request, device, grants=grants):
        raise Denied("permission_missing")
    return page(request, device, tab, more=TABS[tab].context(request, device), grants=grants)


def page(
    request: ConsoleRequest,
    device: Device,
    slug: str,
    *,
    more: dict[str, Any],
    grants: Sequence[Grant],
    status: int = 200,
) -> HttpResponse:
    """The page around a tab."""
    body = render_to_string(TABS[slug].template, {"device": device, **more}, request=request)
    context: dict[str, Any] = {
        "device": device,
        "tab": slug,
        "body": body,
        "tabs": [
            {"slug": one.slug, "label": one.label, "url": tab_url(device, one.slug), "current": one.slug == slug}
            for one in tabs_for(request, device, grants=grants)
        ],
    }
    if request.htmx and request.htmx.target == "tab":
        title = format_html("<title>{} · Fleetfolk</title>", device.name)
        return HttpResponse(title + render_to_string(f"{PAGE}#tab", context, request=request), status=status)
    context |= header_context(request, device, grants=grants)
    return render(request, PAGE, context, status=status)


@console_view
@require_safe
def header(request: ConsoleRequest, device_id: int) -> HttpResponse:
    """The header anew, after something in it changed."""
    grants = grants_of(request.actor)
    device = device_detail(request.actor, device_id, grants=grants)
    return render(request, f"{PAGE}#header", {"device": device, **header_context(request, device, grants=grants)})


@console_view
@require_safe
def menu(request: ConsoleRequest, device_id: int) -> HttpResponse:
    """The entries of the device's menu: what this viewer may do to it now."""
    device = device_detail(request.actor, device_id)
    items = items_for(request.actor, device, opening=True)
    return render(request, "console/components/menu_items.html", {"items": items})


def header_context(request: ConsoleRequest, device: Device, *, grants: Sequence[Grant]) -> dict[str, Any]:
    """What the header shows."""
    reported = reported_of(device)
    owner = device.owner
    edit = GATE.decide(request.actor, ORG_DEVICES_EDIT, device, grants=grants).allowed
    return {
        "status": status_of(device.state, online=bool(reported and reported.online)),
        "reported": reported,
        "owner_url": reverse("users:detail", args=[owner.pk])
        if owner and GATE.decide(request.actor, VIEW_USERS, owner, grants=grants).allowed
        else "",
        "items": items_for(request.actor, device, opening=False, grants=grants),
        "may_edit": edit and device.deleted_at is None,
        "may_rotate": GATE.decide(request.actor, EDIT_DEVICE_TOKENS, device, grants=grants).allowed,
        "erased_at": device.deleted_at + RESTORABLE_FOR if device.deleted_at else None,
    }


def tabs_for(request: ConsoleRequest, device: Device, *, grants: Sequence[Grant]) -> list[Tab]:
    """The tabs that the viewer may open, in order."""
    close = is_close(request.actor, device, grants)
    return [
        tab
        for tab in TABS.values()
        if (close or not tab.closely)
        and (tab.needs is None or GATE.decide(request.actor, tab.needs, device, grants=grants).allowed)
    ]


def tab_url(device: Device, slug: str) -> str:
    """The address of one tab; the dashboard is the page itself."""
    return reverse("devices:detail" if slug == "dashboard" else f"devices:{slug}", args=[device.pk])
