"""The page of one organization: the header, which every tab shares, and the tabs below it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django_stubs_ext import StrPromise

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import Grant, grants_of
from fleetfolk.actionlog.permissions import VIEW_ACTION_LOG
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.devices.permissions import ORG_DEVICES_VIEW
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.permissions import Permission
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.permissions import EDIT_ORGANIZATIONS, VIEW_LOCATIONS
from fleetfolk.tree.listing import numbers_of
from fleetfolk.tree.queries import line_of, organization_seen
from fleetfolk.tree.web import log_tab, parts
from fleetfolk.tree.web.acts import items_for
from fleetfolk.users.models import User
from fleetfolk.users.permissions import VIEW_USERS
from fleetfolk.users.web.country_names import country_names

PAGE: Final = "tree/organization.html"


@dataclass(frozen=True, kw_only=True, slots=True)
class Tab:
    """One tab: the word in its address, its label, what makes its body, and the right that opens it."""

    slug: str
    label: StrPromise
    body: Callable[[ConsoleRequest, Organization], str]
    needs: Permission | None = None


def _information(request: ConsoleRequest, organization: Organization) -> str:
    context = {
        "organization": organization,
        "country": country_names(get_language() or "en").get(organization.country, ""),
        "line": _line(request, organization),
    }
    return render_to_string("tree/information.html", context, request=request)


TABS: Final = {
    tab.slug: tab
    for tab in (
        Tab(slug="information", label=_("Information"), body=_information),
        Tab(slug="users", label=_("Users"), body=parts.users, needs=VIEW_USERS),
        Tab(slug="devices", label=_("Devices"), body=parts.devices, needs=ORG_DEVICES_VIEW),
        Tab(slug="locations", label=_("Locations"), body=parts.locations, needs=VIEW_LOCATIONS),
        Tab(slug="organizations", label=_("Organizations below"), body=parts.organizations),
        Tab(slug="log", label=_("Action log"), body=log_tab.body, needs=VIEW_ACTION_LOG),
    )
}


@console_view
@require_safe
def organization_page(request: ConsoleRequest, organization_id: int, tab: str = "information") -> HttpResponse:
    """The organization with one tab open; through htmx, the tabs alone or the part that asks."""
    grants = grants_of(request.actor)
    organization = organization_seen(request.actor, organization_id, grants=grants)
    offered = tabs_for(request, organization, grants)
    if TABS[tab] not in offered:
        raise Denied("permission_missing")
    body = TABS[tab].body(request, organization)
    target = request.htmx.target if request.htmx else ""
    if target in ("part", "log"):
        return HttpResponse(body)
    context: dict[str, Any] = {
        "organization": organization,
        "tab": tab,
        "body": body,
        "tabs": [
            {"slug": one.slug, "label": one.label, "url": tab_url(organization, one.slug), "current": one.slug == tab}
            for one in offered
        ],
    }
    if target == "tab":
        title = format_html("<title>{} · Fleetfolk</title>", organization.name)
        return HttpResponse(title + render_to_string(f"{PAGE}#tab", context, request=request))
    numbers = numbers_of(organization)
    edit = GATE.decide(request.actor, EDIT_ORGANIZATIONS, organization, grants).allowed
    home_id = cast("User", request.user).organization_id
    context |= {
        "line": _line(request, organization)[:-1],
        "users": numbers.users.said if TABS["users"] in offered else None,
        "devices": numbers.devices.said if TABS["devices"] in offered else None,
        "below": numbers.below.said,
        "may_edit": edit and organization.archived_at is None,
        "items": items_for(request.actor, organization, opening=False, home_id=home_id, grants=grants),
    }
    return render(request, PAGE, context)


@console_view
@require_safe
def menu(request: ConsoleRequest, organization_id: int) -> HttpResponse:
    """The entries of the organization's menu: what this viewer may do to it now."""
    grants = grants_of(request.actor)
    organization = organization_seen(request.actor, organization_id, grants=grants)
    home_id = cast("User", request.user).organization_id
    items = items_for(request.actor, organization, opening=True, home_id=home_id, grants=grants)
    return render(request, "console/components/menu_items.html", {"items": items})


def tabs_for(request: ConsoleRequest, organization: Organization, grants: Sequence[Grant]) -> list[Tab]:
    """The tabs that the viewer may open, in order."""
    return [
        tab
        for tab in TABS.values()
        if tab.needs is None or GATE.decide(request.actor, tab.needs, organization, grants).allowed
    ]


def tab_url(organization: Organization, slug: str) -> str:
    """The address of one tab; Information is the page itself."""
    return reverse("organizations:detail" if slug == "information" else f"organizations:{slug}", args=[organization.pk])


def _line(request: ConsoleRequest, organization: Organization) -> list[Organization]:
    """The organization and those above it that the viewer sees, from the highest down."""
    paths = [grant.path for grant in grants_of(request.actor) if "organizations.view" in grant.permissions]
    return [one for one in line_of(organization) if any(one.path.startswith(path) for path in paths)]
