"""The pages of settings of one's own organization, or of one below: which there are, and what stands around each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Length
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_stubs_ext import StrPromise

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.access.place import organization_now
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.console.marking import words_of
from fleetfolk.console.typed import typed
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.errors import Denied, TargetNotFound
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.permissions import Permission
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.permissions import ACCESS_SETTINGS, EDIT_ORGANIZATIONS
from fleetfolk.organizations.queries import organizations_named

FOUND = 20
LONGEST_FIND = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class SettingsPage:
    """A page of the settings that a package above has. ``address`` takes the organization, and if it is one's own.

    One that is ``only_top`` is of the whole tenant: it is among the tabs of the topmost organization alone.
    """

    slug: str
    label: StrPromise
    address: Callable[[Organization, bool], str]
    only_top: bool = False


_PAGES: list[SettingsPage] = []


def register_settings_page(page: SettingsPage) -> None:
    """The page is among the tabs, for whoever may change settings there."""
    _PAGES.append(page)


def home_of(
    request: ConsoleRequest,
    organization_id: int | None = None,
    *,
    action: type[Action[Any, Any]] | None = None,
    permission: Permission = ACCESS_SETTINGS,
) -> Organization:
    """The viewer's own organization, or the one of this key, where they may change its settings (or its tags).

    A POST by who may not goes to the ``action``, which logs it.
    """
    home: Organization | None = organization_now(request)
    if organization_id is not None and home is not None and organization_id != home.pk:
        home = Organization.objects.filter(tenant_id=request.actor.tenant_id, pk=organization_id).first()
    decision = None if home is None else GATE.decide(request.actor, permission, home)
    if home is not None and decision is not None and decision.allowed:
        return home
    if request.method == "POST" and action is not None and organization_id is not None:
        perform(action, actor=request.actor, target_id=organization_id, data=None)
    if decision is not None and (decision.visible or organization_id is None):
        raise Denied(decision.reason or "permission_missing")
    raise TargetNotFound


def address_of(request: ConsoleRequest, home: Organization, page: str) -> str:
    """A page of the settings of this organization; one's own have the short address."""
    own = home.pk == organization_now(request).pk
    return reverse(f"settings:{page}") if own else reverse(f"settings:{page}-of", args=[home.pk])


def frame_of(request: ConsoleRequest, home: Organization, page: str) -> dict[str, Any]:
    """What stands around each page of settings."""
    grants, own = grants_of(request.actor), organization_now(request)
    return {
        "may_settings": GATE.decide(request.actor, ACCESS_SETTINGS, home, grants).allowed,
        "may_tags": GATE.decide(request.actor, EDIT_ORGANIZATIONS, home, grants).allowed,
        "home": home,
        "page": page,
        "own_home": own,
        "rules_url": address_of(request, home, "rules"),
        "branding_url": address_of(request, home, "branding"),
        "fields_url": address_of(request, home, "fields"),
        "tags_url": address_of(request, home, "tags"),
        "create_url": address_of(request, home, "create-field"),
        "more_pages": [
            {"slug": one.slug, "label": one.label, "url": one.address(home, home.pk == own.pk)}
            for one in _PAGES
            if home.is_tenant or not one.only_top
        ],
        "has_others": _changeable(request).exclude(pk=home.pk).exists(),
    }


def _changeable(request: ConsoleRequest) -> QuerySet[Organization]:
    """The organizations whose settings the viewer may change."""
    return GATE.within_reach(Organization.objects.all(), actor=request.actor, permission=ACCESS_SETTINGS)


@console_view
@require_safe
def organizations(request: ConsoleRequest) -> HttpResponse:
    """Of which organization to see the settings: those whose name holds what was typed, else the first ones."""
    find = typed(request.GET, "find", longest=LONGEST_FIND)
    words = words_of(find)
    within = _changeable(request)
    if words:
        found = organizations_named(within, words, limit=FOUND)
    else:
        found = list(within.select_related("parent").order_by(Length("path"), "name", "pk")[:FOUND])
    if not found and not find:
        raise Denied("permission_missing")
    context = {
        "find": find,
        "found": [(one, address_of(request, one, "rules")) for one in found],
        "more": len(found) == FOUND,
    }
    part = request.htmx and request.htmx.target == "homes"
    return render(request, f"users/settings_of.html{'#homes' if part else ''}", context)
