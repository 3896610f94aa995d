"""The pages of settings of one's own organization, or of one below: which there are, and what stands around each."""

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
    """A page of the settings that a package above has, with the name of its URL, as `url_of` takes it.

    One that is ``only_top`` is of the whole tenant: it is among the tabs of the topmost organization alone.
    """

    slug: str
    label: StrPromise
    url: str
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


def url_of(name: str, home: Organization, *, own: bool) -> str:
    """The address of an organization's page by its URL's name: one's own is short, that of another ends in -of."""
    return reverse(name) if own else reverse(f"{name}-of", args=[home.pk])


def address_of(request: ConsoleRequest, home: Organization, name: str) -> str:
    """The same, as seen from where the viewer works."""
    return url_of(name, home, own=home.pk == organization_now(request).pk)


def frame_of(request: ConsoleRequest, home: Organization, page: str) -> dict[str, Any]:
    """What stands around each page of settings."""
    grants, own = grants_of(request.actor), organization_now(request)
    return {
        "may_settings": GATE.decide(request.actor, ACCESS_SETTINGS, home, grants).allowed,
        "may_tags": GATE.decide(request.actor, EDIT_ORGANIZATIONS, home, grants).allowed,
        "home": home,
        "page": page,
        "own_home": own,
        "rules_url": address_of(request, home, "settings:rules"),
        "branding_url": address_of(request, home, "settings:branding"),
        "fields_url": address_of(request, home, "settings:fields"),
        "tags_url": address_of(request, home, "settings:tags"),
        "create_url": address_of(request, home, "settings:create-field"),
        "more_pages": [
            {
                "slug": one.slug,
                "label": one.label,
                "url": url_of(one.url, home, own=one.only_top or home.pk == own.pk),
            }
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
        "found": [(one, address_of(request, one, "settings:rules")) for one in found],
        "more": len(found) == FOUND,
    }
    part = request.htmx and request.htmx.target == "homes"
    return render(request, f"users/settings_of.html{'#homes' if part else ''}", context)
