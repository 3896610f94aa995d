"""The rows of the Devices page: what the viewer may see of the fleet, one page of it, with what the table shows."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.db import connection

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.console.directory.asked import BRANCHES
from fleetfolk.console.listed import Source
from fleetfolk.devices import directory
from fleetfolk.devices.directory import Listing, Status
from fleetfolk.devices.models import DeviceState
from fleetfolk.devices.permissions import ORG_DEVICES_DELETE, ORG_DEVICES_VIEW
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.statements import planned_once
from fleetfolk.organizations.queries import keys_below

MOST_ON_MAP: Final = 2_000

STATUS_OF: Final[dict[int, str]] = {
    DeviceState.WAITING: "unconnected",
    DeviceState.DEACTIVATED: "deactivated",
    DeviceState.DELETED: "deleted",
}
"""The word for a state in which being online or not does not count; `console.states` has the text."""


def status_of(state: int, *, online: bool) -> str:
    """The status that people see, from what is stored."""
    return STATUS_OF.get(state) or ("online" if online else "offline")


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedDevice:
    """A device as a list shows it. ``tags`` are pairs of name and colour."""

    id: int
    name: str
    serial: str
    token_end: str
    firmware: str
    icon: str
    template: str
    organization: str
    location: str
    owner_id: int | None
    owner: str
    status: str
    reported_at: dt.datetime | None
    activated_at: dt.datetime | None
    at: tuple[float, float] | None
    tags: Sequence[tuple[str, int]]

    @property
    def position(self) -> str:
        """Latitude and longitude as a map reads them, or nothing."""
        return f"{self.at[0]},{self.at[1]}" if self.at else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class LocatedDevice:
    """A device as a map shows it. ``position``: latitude and longitude as a map reads them."""

    id: int
    name: str
    icon: str
    organization: str
    status: str
    position: str


def reach_of(actor: Actor, *, statuses: Sequence[Status] = ()) -> Listing:
    """Every device of the organizations whose devices the actor may see. Raises `Denied` without the right.

    What somebody merely owns or was given a share of is in the portal. The deleted are there for those alone who ask
    for that status and can restore them.
    """
    grants = grants_of(actor)
    paths = GATE.paths_within_reach(actor, ORG_DEVICES_VIEW, grants)
    if not paths:
        raise Denied("permission_missing")
    if "deleted" in statuses:
        able = GATE.paths_within_reach(actor, ORG_DEVICES_DELETE, grants)
        statuses = statuses if able else [status for status in statuses if status != "deleted"]
        if not statuses:
            return Listing(tenant_id=actor.tenant_id, branches=())
        paths = able or paths
    listing = Listing(tenant_id=actor.tenant_id, statuses=tuple(statuses))
    if any(path.count(".") == 1 for path in paths):
        return listing
    if len(paths) > BRANCHES:
        return replace(listing, homes=keys_below(actor.tenant_id, paths))
    return replace(listing, branches=tuple(paths))


_LOCATED = """
SELECT d.id, d.name, t.icon, home.name, d.state, coalesce(r.online, false), d.latitude, d.longitude
FROM unnest(%s::bigint[]) WITH ORDINALITY AS wanted (id, place)
JOIN devices_device d ON d.id = wanted.id
JOIN devices_template t ON t.id = d.template_id
JOIN organizations_organization home ON home.id = d.organization_id
LEFT JOIN devices_reported r ON r.device_id = d.id
ORDER BY wanted.place
"""


def devices_on_map(listing: Listing) -> tuple[list[LocatedDevice], bool]:
    """The listing's devices whose place is known, the first `MOST_ON_MAP` by name, and whether there are more."""
    found = replace(listing, located=True, sort="name", descending=False, after=None, backward=False, size=MOST_ON_MAP)
    with connection.cursor() as cursor:
        page = directory.page(cursor, found)
    with planned_once() as once:
        once.execute(_LOCATED, [list(page.ids)])
        rows = once.fetchall()
    located = [
        LocatedDevice(
            id=key,
            name=name,
            icon=icon,
            organization=organization,
            status=status_of(state, online=online),
            position=f"{latitude},{longitude}",
        )
        for key, name, icon, organization, state, online, latitude, longitude in rows
        if latitude is not None  # It may be gone from the map meanwhile.
    ]
    return located, page.has_next


def devices_with(ids: Sequence[int]) -> list[ListedDevice]:
    """The devices with these keys, in this order. Whether the viewer may see them is the caller's to ask."""
    return _rows(ids)


_ROWS = """
SELECT d.id, d.name, d.serial, d.token_end, d.firmware, t.icon, t.name, home.name, coalesce(place.name, ''),
    d.owner_id, coalesce(nullif(u.name, ''), u.email, ''), d.state, coalesce(r.online, false), r.reported_at,
    d.activated_at, d.latitude, d.longitude,
    (SELECT array_agg(tag.name ORDER BY tag.name, tag.id)
     FROM devices_devicetag x JOIN organizations_tag tag ON tag.id = x.tag_id WHERE x.device_id = d.id),
    (SELECT array_agg(tag.colour ORDER BY tag.name, tag.id)
     FROM devices_devicetag x JOIN organizations_tag tag ON tag.id = x.tag_id WHERE x.device_id = d.id)
FROM unnest(%s::bigint[]) WITH ORDINALITY AS wanted (id, place)
JOIN devices_device d ON d.id = wanted.id
JOIN devices_template t ON t.id = d.template_id
JOIN organizations_organization home ON home.id = d.organization_id
LEFT JOIN organizations_location place ON place.id = d.location_id
LEFT JOIN users_user u ON u.id = d.owner_id
LEFT JOIN devices_reported r ON r.device_id = d.id
ORDER BY wanted.place
"""


def _rows(ids: Sequence[int]) -> list[ListedDevice]:
    """The devices with these keys, in this order, without those that are gone meanwhile."""
    if not ids:
        return []
    with planned_once() as cursor:
        cursor.execute(_ROWS, [list(ids)])
        rows = cursor.fetchall()
    return [
        ListedDevice(
            id=key,
            name=name,
            serial=serial,
            token_end=token_end,
            firmware=firmware,
            icon=icon,
            template=template,
            organization=organization,
            location=location,
            owner_id=owner_id,
            owner=owner,
            status=status_of(state, online=online),
            reported_at=reported_at,
            activated_at=activated_at,
            at=None if latitude is None else (latitude, longitude),
            tags=tuple(zip(tags, colours, strict=True)) if tags else (),
        )
        for (
            key,
            name,
            serial,
            token_end,
            firmware,
            icon,
            template,
            organization,
            location,
            owner_id,
            owner,
            state,
            online,
            reported_at,
            activated_at,
            latitude,
            longitude,
            tags,
            colours,
        ) in rows
    ]


_SOURCE = Source(name="devices", page=directory.page, count=directory.count, rows=_rows)
devices_listed = _SOURCE.listed
"""One page of the devices of a `directory.Listing`."""
devices_counted = _SOURCE.counted
"""How many devices it has on all its pages."""
