"""The portal's page of one device: its dashboard, what happened, with whom it is shared, and what it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from django_stubs_ext import StrPromise

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import Grant, grants_of
from fleetfolk.console.http import ConsoleRequest, done, portal_view
from fleetfolk.devices.actions.rename_device import RenameDevice, RenameDeviceInput
from fleetfolk.devices.models import Device
from fleetfolk.devices.open_pages import is_online
from fleetfolk.devices.permissions import ORG_DEVICES_EDIT, ORG_DEVICES_SHARE, VIEW_TIMELINE
from fleetfolk.devices.queries import device_detail, reported_of
from fleetfolk.devices.sharing import live_shares
from fleetfolk.devices.web import device_timeline
from fleetfolk.devices.web.dashboard import dashboard_context
from fleetfolk.devices.web.dialogs import device_for, performed
from fleetfolk.devices.web.forms import DeviceNameField
from fleetfolk.devices.web.giving import giving_context
from fleetfolk.devices.web.sharing import panel_context
from fleetfolk.kernel.actor import AssistMode
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.permissions import Permission

PAGE: Final = "devices/portal/device.html"


class NameForm(forms.Form):
    """What the device is called."""

    name = DeviceNameField()


@dataclass(frozen=True, kw_only=True, slots=True)
class Tab:
    """One tab: the word in its address, its label, its template, what that needs, and the right that opens it."""

    slug: str
    label: StrPromise
    template: str
    context: Callable[[ConsoleRequest, Device], dict[str, Any]]
    needs: Permission | None = None


def about_context(request: ConsoleRequest, device: Device, form: NameForm | None = None) -> dict[str, Any]:
    """What the device is, and the form that renames it, for whoever may."""
    facts = [
        (_("Kind"), device.template.name),
        (_("Maker"), device.template.manufacturer),
        (_("Model"), device.template.model),
        (_("Serial number"), device.serial),
        (_("Firmware"), device.firmware),
        (_("Owner"), str(device.owner) if device.owner else ""),
        (_("Organization"), device.organization.name),
        (_("Place"), device.location.name if device.location else ""),
    ]
    return {
        "form": (form or NameForm(initial={"name": device.name})) if _may_rename(request, device) else None,
        "facts": [{"label": label, "value": value} for label, value in facts if value],
        **giving_context(request, device),
    }


def _may_rename(request: ConsoleRequest, device: Device) -> bool:
    helping = request.actor.assisted_by
    acting = helping is None or helping.mode == AssistMode.ACT
    return acting and GATE.decide(request.actor, ORG_DEVICES_EDIT, device).allowed


TABS: Final = {
    tab.slug: tab
    for tab in (
        Tab(
            slug="dashboard",
            label=gettext_lazy("Dashboard"),
            template="devices/dashboard.html#dashboard",
            context=dashboard_context,
        ),
        Tab(
            slug="timeline",
            label=gettext_lazy("Timeline"),
            template="devices/device_timeline.html",
            context=device_timeline.context,
            needs=VIEW_TIMELINE,
        ),
        Tab(
            slug="people",
            label=gettext_lazy("People"),
            template="devices/sharing.html#panel",
            context=panel_context,
        ),
        Tab(slug="about", label=gettext_lazy("About"), template="devices/portal/about.html", context=about_context),
    )
}


@portal_view(assisted="see")
@require_safe
def device_page(request: ConsoleRequest, device_id: int, tab: str = "dashboard") -> HttpResponse:
    """The device's page with one tab open; through htmx, the tabs alone."""
    grants = grants_of(request.actor)
    device = device_detail(request.actor, device_id, grants=grants)
    needs = TABS[tab].needs
    if needs is not None and not GATE.decide(request.actor, needs, device, grants=grants).allowed:
        raise Denied("permission_missing")
    return _page(request, device, tab, TABS[tab].context(request, device), grants=grants)


@portal_view(assisted="act")
@require_http_methods(["GET", "HEAD", "POST"])
def about(request: ConsoleRequest, device_id: int) -> HttpResponse:
    """What the device is; and its name, for whoever may change it."""
    if request.method != "POST":
        return device_page(request, device_id, tab="about")  # type: ignore[return-value]
    found = device_for(RenameDevice, request, device_id)
    form = NameForm(request.POST)
    if form.is_valid():
        data = RenameDeviceInput(name=form.cleaned_data["name"])
        if performed(form, RenameDevice, request, found.pk, data, field="name"):
            text = _("The device is called %(device)s now.") % {"device": data.name}
            return done(request, toast=text, to=reverse("mydevices:about", args=[found.pk]))
    grants = grants_of(request.actor)
    device = device_detail(request.actor, device_id, grants=grants)
    return _page(request, device, "about", about_context(request, device, form), grants=grants, status=422)


def _page(
    request: ConsoleRequest,
    device: Device,
    slug: str,
    more: dict[str, Any],
    *,
    grants: Sequence[Grant],
    status: int = 200,
) -> HttpResponse:
    body = render_to_string(TABS[slug].template, {"device": device, **more}, request=request)
    context = {"device": device, "tab": slug, "body": body, "tabs": _tabs(request, device, slug, grants=grants)}
    if request.htmx and request.htmx.target == "tab":
        title = format_html("<title>{}</title>", device.name)
        return HttpResponse(title + render_to_string(f"{PAGE}#tab", context, request=request), status=status)
    sharing = GATE.decide(request.actor, ORG_DEVICES_SHARE, device, grants=grants).allowed
    context |= {
        "online": is_online(device),
        "reported": reported_of(device),
        "may_share": sharing and request.actor.assisted_by is None,
    }
    return render(request, PAGE, context, status=status)


def _tabs(request: ConsoleRequest, device: Device, slug: str, *, grants: Sequence[Grant]) -> list[dict[str, Any]]:
    """The tabs that the viewer may open, in order."""
    people = live_shares(device).count()
    return [
        {
            "slug": tab.slug,
            "label": tab.label,
            "url": tab_url(device, tab.slug),
            "current": tab.slug == slug,
            "count": people if tab.slug == "people" else 0,
        }
        for tab in TABS.values()
        if tab.needs is None or GATE.decide(request.actor, tab.needs, device, grants=grants).allowed
    ]


def tab_url(device: Device, slug: str) -> str:
    """The address of one tab; the dashboard is the page itself."""
    return reverse("mydevices:detail" if slug == "dashboard" else f"mydevices:{slug}", args=[device.pk])
