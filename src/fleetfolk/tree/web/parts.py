"""What is in an organization and below it: people, devices, locations and organizations, each a list one can search."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from fleetfolk.console import place
from fleetfolk.console.directory.asked import Key
from fleetfolk.console.http import ConsoleRequest
from fleetfolk.console.listed import Listed
from fleetfolk.console.marking import words_of
from fleetfolk.console.typed import typed
from fleetfolk.devices import directory as device_directory
from fleetfolk.devices.listing import devices_listed
from fleetfolk.organizations.models import Location, Organization, OrganizationKind
from fleetfolk.tree import directory
from fleetfolk.tree.listing import organizations_listed
from fleetfolk.users import directory as people_directory
from fleetfolk.users.listing import users_listed

SIZE: Final = 25
_BY_NAME: Final = (("name_key", "text"),)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One row: where it leads, what it is called, and what is said of it."""

    id: int
    url: str
    name: str
    sub: str = ""
    icon: str = ""
    more: str = ""
    status: str = ""


def users(request: ConsoleRequest, organization: Organization) -> str:
    """The people of the organization and below it, by name."""
    found = users_listed(_by_name(people_directory.Listing, request, organization))
    lines = [
        Line(
            id=one.id,
            url=reverse("users:detail", args=[one.id]),
            name=one.name,
            sub=one.email,
            more=f"{one.role} · {one.organization}",
            status=one.status.value,
        )
        for one in found.rows
    ]
    all_url = f"{reverse('users:list')}?organization={organization.pk}"
    return _drawn(request, "users", lines, found, all_url=all_url, none=_("Nobody is in this organization."))


def devices(request: ConsoleRequest, organization: Organization) -> str:
    """The devices of the organization and below it, by name."""
    found = devices_listed(_by_name(device_directory.Listing, request, organization))
    lines = [
        Line(
            id=one.id,
            url=reverse("devices:detail", args=[one.id]),
            name=one.name,
            sub=one.template,
            icon=one.icon,
            more=" · ".join(filter(None, (one.owner, one.organization))),
            status=one.status,
        )
        for one in found.rows
    ]
    all_url = f"{reverse('devices:list')}?organization={organization.pk}"
    return _drawn(request, "devices", lines, found, all_url=all_url, none=_("No device is in this organization."))


def organizations(request: ConsoleRequest, organization: Organization) -> str:
    """The organizations below it, in the order of the tree."""
    listing = directory.Listing(
        tenant_id=organization.tenant_id,
        branches=(organization.path,),
        without=organization.pk,
        words=words_of(typed(request.GET)),
        after=place.read(request.GET.get("after", ""), columns=directory.SORTS["tree"]),
        size=SIZE,
    )
    found = organizations_listed(listing)
    own = organization.path.count(".")
    lines = [
        Line(
            id=one.id,
            url=reverse("organizations:detail", args=[one.id]),
            name=one.name,
            sub=" › ".join(one.above[own:]),
            icon="building-community",
            more=str(OrganizationKind(one.kind).label),
        )
        for one in found.rows
    ]
    return _drawn(request, "organizations", lines, found, all_url="", none=_("No organization is below this one."))


def locations(request: ConsoleRequest, organization: Organization) -> str:
    """The locations of the organization and below it, by name."""
    query = typed(request.GET)
    found = Location.objects.filter(tenant_id=organization.tenant_id, organization__path__startswith=organization.path)
    for word in query.split():
        found = found.filter(name__icontains=word)
    after = place.read(request.GET.get("after", ""), columns=_BY_NAME)
    if after is not None:
        found = found.filter(name__gte=after[0]).exclude(name=after[0], pk__lte=after[1])
    rows = list(found.select_related("organization").order_by("name", "pk")[: SIZE + 1])
    lines = [
        Line(
            id=one.pk,
            url=reverse("places:detail", args=[one.pk]),
            name=one.name,
            sub=one.address,
            icon="map-pin",
            more=one.organization.name,
        )
        for one in rows[:SIZE]
    ]
    following: Key | None = (rows[SIZE - 1].name, rows[SIZE - 1].pk) if len(rows) > SIZE else None
    return _shown(request, "locations", lines, following, all_url="", none=_("There is no location here."))


def _by_name[L](listing: Callable[..., L], request: ConsoleRequest, organization: Organization) -> L:
    """What is typed, looked for in the organization and below it, in the order of names."""
    return listing(
        tenant_id=organization.tenant_id,
        branches=(organization.path,),
        typed=typed(request.GET),
        sort="name",
        after=_after(request),
        size=SIZE,
    )


def _after(request: ConsoleRequest) -> Key | None:
    return place.read(request.GET.get("after", ""), columns=_BY_NAME)


def _drawn(request: ConsoleRequest, part: str, lines: list[Line], found: Listed[Any], **more: Any) -> str:
    following = found.page.keys[-1] if found.page.has_next and found.page.keys else None
    return _shown(request, part, lines, following, **more)


def _shown(
    request: ConsoleRequest, part: str, lines: Sequence[Line], following: Key | None, *, all_url: str, none: str
) -> str:
    query = typed(request.GET)
    asked = {"q": query} if query else {}
    context = {
        "part": part,
        "lines": lines,
        "query": query,
        "none": none,
        "all_url": all_url,
        "here": request.path,
        "first_url": "?" + urlencode(asked) if request.GET.get("after") else "",
        "next_url": "?" + urlencode({**asked, "after": place.write(following)}) if following else "",
    }
    partly = bool(request.htmx) and request.htmx.target == "part"
    return render_to_string("tree/part.html#part" if partly else "tree/part.html", context, request=request)
