"""The page of one person: the header, which every tab shares, and the tabs below it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import Grant, grants_of
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.kernel.errors import Denied
from fleetfolk.users.models import RESTORABLE_FOR, User
from fleetfolk.users.permissions import EDIT_USERS
from fleetfolk.users.queries import user_detail
from fleetfolk.users.web.act import EDITABLE
from fleetfolk.users.web.acts import doable
from fleetfolk.users.web.country_names import country_names
from fleetfolk.users.web.pictures import picture_url
from fleetfolk.users.web.profile_tabs import tab_called, tabs_for

_WRAPPED = frozenset({"", "tab", "profile", "main"})
"""What a request may want to replace for the page to be made around a tab's body."""


@console_view
@require_safe
def tab(request: ConsoleRequest, user_id: int, slug: str = "information") -> HttpResponse:
    """The person's page with one tab open; through htmx, the tabs alone or what the tab itself asks for."""
    grants = grants_of(request.actor)
    person = user_detail(request.actor, user_id, grants=grants)
    wanted = tab_called(slug)
    if wanted is None:
        raise Http404
    if wanted not in tabs_for(request.actor, person, grants=grants):
        raise Denied("permission_missing")
    body = wanted.render(request, person)
    if body.status_code != 200 or body.streaming or (request.htmx and (request.htmx.target or "") not in _WRAPPED):
        return body
    return profile_page(request, person, slug, body=body.content.decode(), grants=grants)


@console_view
@require_safe
def header(request: ConsoleRequest, user_id: int) -> HttpResponse:
    """The header anew, after something in it changed."""
    grants = grants_of(request.actor)
    person = user_detail(request.actor, user_id, grants=grants)
    return render(request, "users/profile.html#header", header_context(request, person, grants=grants))


def profile_page(
    request: ConsoleRequest, person: User, slug: str, *, body: str, grants: Sequence[Grant], status: int = 200
) -> HttpResponse:
    """The page around the body of a tab."""
    context: dict[str, Any] = {"person": person, "body": body, "tabs": _links(request, person, slug, grants=grants)}
    context["tab"] = slug
    if request.htmx and request.htmx.target == "tab":
        title = format_html("<title>{} · Fleetfolk</title>", person.name)
        return HttpResponse(title + render_to_string("users/profile.html#tab", context, request=request))
    context |= header_context(request, person, grants=grants)
    return render(request, "users/profile.html", context, status=status)


def header_context(request: ConsoleRequest, person: User, *, grants: Sequence[Grant]) -> dict[str, Any]:
    """What the header shows."""
    now = doable(request.actor, person, grants=grants)
    zone = ZoneInfo(person.time_zone or person.organization.time_zone)
    country = person.organization.country or person.organization.tenant.country
    deleted_at = person.deletion_requested_at
    return {
        "person": person,
        "picture": picture_url(person),
        "items": now.items(person, opening=False),
        "prominent": [act.entry(person) for act in now.acts if act.prominent],
        "may_edit": any(act.url == "users:edit" for act in now.acts),
        "may_tag": person.state in EDITABLE and GATE.decide(request.actor, EDIT_USERS, person, grants=grants).allowed,
        "why_not": now.why_not,
        "zone": zone.key,
        "elsewhere": zone.key != person.organization.time_zone,
        "country": country_names(get_language() or "en").get(country, ""),
        "local": timezone.localtime(timezone=zone),
        "apart": _hours_apart(zone),
        "last_seen_at": last_seen(person),
        "erased_at": deleted_at + RESTORABLE_FOR if deleted_at else None,
    }


def last_seen(person: User) -> dt.datetime | None:
    """When one of the person's sessions was last used; sessions that ended leave the sign-in."""
    moments = (getattr(person, "session_seen_at", None), person.last_sign_in_at)
    return max((moment for moment in moments if moment is not None), default=None)


def _links(request: ConsoleRequest, person: User, slug: str, *, grants: Sequence[Grant]) -> list[dict[str, Any]]:
    return [
        {
            "slug": one.slug,
            "label": one.label,
            "url": tab_url(person, one.slug),
            "current": one.slug == slug,
            "count": one.count(request.actor, person) if one.count else None,
        }
        for one in tabs_for(request.actor, person, grants=grants)
    ]


def tab_url(person: User, slug: str) -> str:
    """The address of one tab of the person's page; Information is the page itself."""
    if slug == "information":
        return reverse("users:detail", args=[person.pk])
    return reverse("users:tab", args=[person.pk, slug])


def _hours_apart(zone: ZoneInfo) -> str:
    """How the person's clock differs from the viewer's, in words."""
    now = dt.datetime.now(dt.UTC)
    theirs, mine = now.astimezone(zone).utcoffset(), timezone.localtime(now).utcoffset()
    minutes = int(((theirs or dt.timedelta()) - (mine or dt.timedelta())).total_seconds()) // 60
    if not minutes:
        return _("same as yours")
    hours = f"{abs(minutes) // 60}" + (f":{abs(minutes) % 60:02}" if minutes % 60 else "")
    if minutes > 0:
        return _("%(hours)s h ahead of you") % {"hours": hours}
    return _("%(hours)s h behind you") % {"hours": hours}
