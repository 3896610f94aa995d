"""Locations: the list, and one with its people, devices and map.

The organization chooses the word that people read: location, job site or facility.
"""

from typing import Any, cast
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.views.decorators.http import require_safe

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.access.place import organization_now
from fleetfolk.console.http import ConsoleRequest, console_view
from fleetfolk.console.navigation import name_page
from fleetfolk.console.typed import typed
from fleetfolk.devices.listing import status_of
from fleetfolk.devices.models import Device, DeviceState
from fleetfolk.devices.permissions import ORG_DEVICES_EDIT, ORG_DEVICES_VIEW
from fleetfolk.devices.web.located import devices_at, location_seen, people_at, words_for
from fleetfolk.kernel.errors import Denied
from fleetfolk.organizations.models import Location
from fleetfolk.organizations.permissions import (
    ACCESS_SETTINGS,
    ASSIGN_LOCATIONS,
    CREATE_LOCATIONS,
    DELETE_LOCATIONS,
    EDIT_LOCATIONS,
    VIEW_LOCATIONS,
)
from fleetfolk.users.models import State, User
from fleetfolk.users.permissions import VIEW_USERS

LIST = "devices/place_list.html"
SIZE = 50
SHOWN = 100
MOST_ON_MAP = 500

name_page("places:list", lambda request: words_for(cast("ConsoleRequest", request)).many)


@console_view
@require_safe
def place_list(request: ConsoleRequest) -> HttpResponse:
    """The locations that the viewer may see, by name, with a map of those that have coordinates."""
    grants = grants_of(request.actor)
    seen = _seen(request, grants)
    query = typed(request.GET)
    found = seen
    for word in query.split():
        found = found.filter(
            Q(name__icontains=word) | Q(address__icontains=word) | Q(organization__name__icontains=word)
        )
    after = _key(request.GET.get("after", ""))
    onwards = found.filter(Q(name__gt=after[0]) | Q(name=after[0], pk__gt=after[1])) if after else found
    page = list(onwards.select_related("organization").order_by("name", "pk")[: SIZE + 1])
    rows, more = page[:SIZE], len(page) > SIZE
    keys = [row.pk for row in rows]
    sees_people = any(VIEW_USERS.code in grant.permissions for grant in grants)
    sees_devices = any(ORG_DEVICES_VIEW.code in grant.permissions for grant in grants)
    people = _counts(User, keys, state__lt=State.DEACTIVATED) if sees_people else {}
    devices = _counts(Device, keys, state__lt=DeviceState.DELETED) if sees_devices else {}
    total = found.count()
    home = organization_now(request)
    context = {
        "words": words_for(request),
        "rows": [{"location": row, "people": people.get(row.pk, 0), "devices": devices.get(row.pk, 0)} for row in rows],
        "places": found.exclude(latitude=None).select_related("organization").order_by("name", "pk")[:MOST_ON_MAP],
        "query": query,
        "any": total > 0 or seen.exists(),
        "matches": number_format(total, force_grouping=True),
        "next_url": _url(query, f"{rows[-1].pk}~{rows[-1].name}") if more else None,
        "first_url": _url(query, "") if after else None,
        "may_create": GATE.decide(request.actor, CREATE_LOCATIONS, home, grants).allowed,
        "may_choose": GATE.decide(request.actor, ACCESS_SETTINGS, home, grants).allowed,
    }
    return render(request, f"{LIST}#places" if request.htmx.target == "places" else LIST, context)


@console_view
@require_safe
def place_page(request: ConsoleRequest, location_id: int) -> HttpResponse:
    """One location: where it is, who belongs to it and which devices are there, as far as the viewer sees those."""
    grants = grants_of(request.actor)
    location = location_seen(request, location_id, grants)
    people = GATE.within_reach(people_at(location), actor=request.actor, permission=VIEW_USERS, grants=grants)
    devices = GATE.within_reach(devices_at(location), actor=request.actor, permission=ORG_DEVICES_VIEW, grants=grants)
    may = {
        name: GATE.decide(request.actor, permission, location, grants).allowed
        for name, permission in (("edit", EDIT_LOCATIONS), ("delete", DELETE_LOCATIONS), ("assign", ASSIGN_LOCATIONS))
    }
    people_count, device_count = people.count(), devices.count()
    context = {
        "words": words_for(request),
        "location": location,
        "people": people.select_related("role").order_by("name_key", "pk")[:SHOWN],
        "people_count": people_count,
        "more_people": people_count - SHOWN if people_count > SHOWN else 0,
        "devices": [_row(device) for device in devices.select_related("template", "reported").order_by("name")[:SHOWN]],
        "device_count": device_count,
        "more_devices": device_count - SHOWN if device_count > SHOWN else 0,
        "may": may,
        "may_devices": GATE.decide(request.actor, ORG_DEVICES_EDIT, location, grants).allowed,
    }
    return render(request, "devices/place.html", context)


def _row(device: Device) -> dict[str, Any]:
    reported = getattr(device, "reported", None)
    return {
        "device": device,
        "status": status_of(device.state, online=bool(reported and reported.online)),
        "reported_at": reported.reported_at if reported else None,
    }


def _seen(request: ConsoleRequest, grants: Any) -> QuerySet[Location]:
    """The locations that the viewer may see; refuses whoever may see none."""
    if not GATE.paths_within_reach(request.actor, VIEW_LOCATIONS, grants):
        raise Denied("permission_missing")
    return GATE.within_reach(Location.objects.all(), actor=request.actor, permission=VIEW_LOCATIONS, grants=grants)


def _counts(model: type[Any], keys: list[int], **which: Any) -> dict[int, int]:
    rows = model.objects.filter(location__in=keys, **which).order_by()
    return dict(rows.values_list("location").annotate(number=Count("pk")))


def _key(text: str) -> tuple[str, int] | None:
    """The name and the key after which a page begins."""
    key, _separator, name = text[:80].replace("\0", "").partition("~")
    return (name, int(key)) if key.isascii() and key.isdigit() and len(key) < 19 else None


def _url(query: str, after: str) -> str:
    asked = urlencode({key: value for key, value in (("q", query), ("after", after)) if value})
    return reverse("places:list") + (f"?{asked}" if asked else "")
