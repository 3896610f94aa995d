"""Find anything: people, organizations and pages, each only where the viewer may see it."""

from collections.abc import Sequence
from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import Grant, grants_of
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.console.listed import Listed
from fleetfolk.console.marking import words_of
from fleetfolk.console.navigation import links_for
from fleetfolk.console.typed import typed
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.permissions import VIEW_ORGANIZATIONS
from fleetfolk.organizations.queries import organizations_named
from fleetfolk.users.listing import ListedUser, reach_of, users_listed
from fleetfolk.users.permissions import VIEW_USERS
from fleetfolk.users.web.finders import GROUPS, Hits

LONGEST_QUERY = 200
EACH = 6


@console_view
@require_GET
def find(request: ConsoleRequest) -> HttpResponse:
    """Hits of every kind for ``q``; through htmx the list alone, for the palette."""
    query = typed(request.GET, longest=LONGEST_QUERY)
    grants = grants_of(request.actor)
    may_see = frozenset(code for grant in grants for code in grant.permissions)
    groups = [
        (_("People"), *_people(request.actor, query, grants=grants, may_see=may_see)),
        *((group.label, *group.hits(request.actor, query, may_see)) for group in GROUPS),
        (_("Organizations"), *_organizations(request.actor, query, grants=grants, may_see=may_see)),
        (_("Pages"), *_pages(request, query, may_see=may_see)),
    ]
    number = sum(count for _label, _items, count, _capped in groups)
    more = any(capped for _label, _items, _count, capped in groups)
    context = {
        "query": query,
        "groups": [{"label": label, "items": items} for label, items, _count, _capped in groups if items],
        "count": ngettext("%(number)s found", "%(number)s found", number)
        % {"number": number_format(number, force_grouping=True) + ("+" if more else "")},
    }
    return render(request, "console/find.html#results" if request.htmx else "console/find.html", context)


@console_view
@require_GET
def find_people(request: ConsoleRequest) -> HttpResponse:
    """People as choices of a filter: radio buttons called ``person``."""
    query = typed(request.GET, longest=LONGEST_QUERY)
    try:
        found = _people_found(request.actor, query, grants=grants_of(request.actor)).rows if query else ()
    except Denied:
        found = ()
    return render(request, "users/find_people.html", {"people": found, "query": query})


def _people_found(actor: Actor, query: str, *, grants: Sequence[Grant]) -> Listed[ListedUser]:
    # Who was there last is who is meant most often; and their order is the quickest to search.
    reach = reach_of(actor, here_only=False, grants=grants)
    return users_listed(replace(reach, typed=query, sort="last_sign_in", descending=True, size=EACH))


def _people(actor: Actor, query: str, *, grants: Sequence[Grant], may_see: frozenset[str]) -> Hits:
    if not query or VIEW_USERS.code not in may_see:
        return [], 0, False
    found = _people_found(actor, query, grants=grants)
    items = [
        {
            "url": reverse("users:detail", args=[one.id]),
            "title": one.name,
            "sub": " · ".join(filter(None, (one.email, one.organization))),
            "status": one.status.value,
            "person": {"id": one.id, "name": one.name},
        }
        for one in found.rows
    ]
    return items, len(items), found.page.has_next


def _organizations(actor: Actor, query: str, *, grants: Sequence[Grant], may_see: frozenset[str]) -> Hits:
    if VIEW_ORGANIZATIONS.code not in may_see:
        return [], 0, False
    within = GATE.within_reach(Organization.objects.all(), actor=actor, permission=VIEW_ORGANIZATIONS, grants=grants)
    found = organizations_named(within, words_of(query), limit=EACH + 1)
    items = [
        {
            "url": f"{reverse('users:list')}?organization={one.pk}",
            "title": one.name,
            # The parent of where one's own reach begins is not told.
            "sub": one.parent.name
            if one.parent and GATE.decide(actor, VIEW_ORGANIZATIONS, one.parent, grants).allowed
            else "",
            "end": one.get_kind_display(),
            "icon": "building-community",
        }
        for one in found[:EACH]
    ]
    return items, len(items), len(found) > EACH


def _pages(request: ConsoleRequest, query: str, *, may_see: frozenset[str]) -> Hits:
    words = words_of(query)
    items = [
        {"url": link.url, "title": str(link.label), "icon": link.page.icon, "end": _("Page")}
        for link in links_for(request, may_see=may_see)
        if all(word in " ".join(words_of(str(link.label))) for word in words)
    ]
    return items, len(items), False
