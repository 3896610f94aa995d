"""The devices of a tenant as a list: what it can be sorted and filtered by. `console.directory` finds the pages.

Deleted devices are in no list, and no word finds them, unless the listing asks for that very status. Whether a device
is online, and when it reported last, is in the table of reports: that sort is read along its index, joined row by row.
"""

from dataclasses import dataclass, replace
from typing import Final, Literal

from fleetfolk.console.bubbles import Narrowing
from fleetfolk.console.directory import counting, matching, paging
from fleetfolk.console.directory.asked import Cursor, Key, Page, Table, Tags, Wanted, named
from fleetfolk.console.sql import Sql
from fleetfolk.devices.models import DeviceState

Sort = Literal["name", "template", "owner", "organization", "location", "firmware", "reported", "activated", "created"]
Status = Literal["online", "offline", "waiting", "deactivated", "deleted"]

# Each is exactly the list of one index (tenant_id, …, id), with the type a cursor's value is cast to.
SORTS: Final[dict[Sort, tuple[tuple[str, str], ...]]] = {
    "name": (("name_key", "text"),),
    "template": (("template_key", "text"),),
    "owner": (("owner_key", "text"),),
    "organization": (("organization_key", "text"),),
    "location": (("location_key", "text"),),
    "firmware": (('firmware COLLATE "C"', "text"),),
    "reported": (("reported_minute", "timestamptz"),),
    "activated": (("coalesce(activated_at, 'epoch')", "timestamptz"),),
    "created": (("created_at", "timestamptz"),),
}
# Of one row, which PostgreSQL would turn round into "all that are online" were it an EXISTS.
_ONLINE: Final = "(SELECT r.online FROM devices_reported r WHERE r.device_id = devices_device.id) IS TRUE"
_AMONG_ONLINE: Final = "EXISTS (SELECT FROM devices_reported r WHERE r.device_id = devices_device.id AND r.online)"
STATUSES: Final[dict[Status, str]] = {
    "online": f"state = {DeviceState.ACTIVE:d} AND {_ONLINE}",
    "offline": f"state = {DeviceState.ACTIVE:d} AND ({_ONLINE}) IS FALSE",
    "waiting": f"state = {DeviceState.WAITING:d}",
    "deactivated": f"state = {DeviceState.DEACTIVATED:d}",
    "deleted": f"state = {DeviceState.DELETED:d}",
}

# The same of a report: those of the offline have an index of their own; all that are online reported not long ago.
_REPORTS_OF: Final[dict[tuple[Status, ...], str]] = {
    ("offline",): "NOT online",
    ("online",): "reported_minute >= (SELECT min(r.reported_minute) FROM devices_reported r WHERE r.online)",
}

# Tenant, minute and key are those of the reports: a place in the list is then a place in their index.
_BY_REPORT: Final = (
    "(SELECT r.tenant_id, r.reported_minute, r.online, r.device_id AS id, d.organization_id, d.template_id,"
    " d.location_id, d.state, d.latitude, d.path, d.reach, d.search_text"
    " FROM devices_reported r JOIN devices_device d ON d.id = r.device_id) devices_device"
)
# Of the few that are gathered each is looked up: a join would be planned for many.
_WITH_REPORT: Final = (
    "(SELECT (SELECT r.reported_minute FROM devices_reported r WHERE r.device_id = d.id) AS reported_minute, d.*"
    " FROM devices_device d) devices_device"
)

DEVICES: Final = Table(
    name="devices_device",
    sorts=SORTS,
    wordy=frozenset({"name", "template", "owner", "organization", "location"}),
    sampled="created",
    covered="name",
    shown=f"state < {DeviceState.DELETED:d}",
    hidden=f"state >= {DeviceState.DELETED:d}",
    along={"reported": _BY_REPORT},
    beside={"reported": _WITH_REPORT},
    tags=Tags(names="organizations_tag", links="devices_devicetag", of="device_id"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """Which devices, in which order, from where on.

    `branches` (path prefixes, "1.7.", with all below) and `homes` (organization ids) are a reach: None does not
    restrict, an empty tuple is nothing. The filters restrict further; an empty filter does not restrict, but leaves out
    the deleted. `located`: only those whose place on the map is known.
    """

    tenant_id: int
    branches: tuple[str, ...] | None = None
    homes: tuple[int, ...] | None = None
    typed: str = ""
    template_ids: tuple[int, ...] = ()
    organization_ids: tuple[int, ...] = ()
    location_ids: tuple[int, ...] = ()
    tag_ids: tuple[int, ...] = ()
    narrowed: tuple[Narrowing, ...] = ()
    statuses: tuple[Status, ...] = ()
    located: bool = False
    sort: Sort = "name"
    descending: bool = False
    after: Key | None = None  # key of the last row seen (of the first one seen, if backward)
    backward: bool = False
    size: int = 25

    @property
    def is_filtered(self) -> bool:
        """Whether words or filters choose among the devices within reach."""
        chosen = (self.template_ids, self.organization_ids, self.location_ids, self.tag_ids, self.statuses)
        return bool(self.typed.split()) or any(chosen) or bool(self.narrowed) or self.located


def page(cursor: Cursor, listing: Listing) -> Page:
    """The page after (or before) the cursor, in one to six statements, however deep it lies."""
    return paging.page(cursor, _wanted(listing))


def count(cursor: Cursor, listing: Listing) -> tuple[int, bool]:
    """How many there are in all, whatever the cursor, and whether that was cut ("1,000+")."""
    return counting.count(cursor, _wanted(listing))


def condition(cursor: Cursor, listing: Listing) -> Sql:
    """What every device of the listing fulfils, as a condition on `devices_device`."""
    return matching.condition(cursor, _wanted(listing))


def _wanted(listing: Listing) -> Wanted:
    return Wanted(
        table=DEVICES,
        tenant_id=listing.tenant_id,
        branches=listing.branches,
        homes=listing.homes,
        typed=listing.typed,
        filters=(*_filters(listing, tagged=_TAGGED), *(part.one for part in listing.narrowed)),
        sought=(*_sought(listing), *(part.among for part in listing.narrowed)),
        known=_known(listing),
        hides=not listing.statuses,
        by_state=_is_by_state(listing),
        inside=False,  # The index carries nothing along: the words of a device may be too long for it.
        sort=listing.sort,
        descending=listing.descending,
        after=listing.after,
        backward=listing.backward,
        size=listing.size,
    )


def _is_by_state(listing: Listing) -> bool:
    """Whether those that are located, or in a state in which few are, are found by that alone."""
    others = (listing.template_ids, listing.organization_ids, listing.location_ids, listing.tag_ids, listing.narrowed)
    active = {"online", "offline"} & set(listing.statuses)
    return not (listing.typed.split() or any(others) or active) and (bool(listing.statuses) or listing.located)


# Of one row, and of all.
_TAGS_OF_IT: Final = "SELECT true FROM devices_devicetag t WHERE t.device_id = devices_device.id AND t.tag_id = ANY(%s)"
_TAGGED: Final = f"({_TAGS_OF_IT} LIMIT 1) IS TRUE"
_AMONG_TAGGED: Final = f"EXISTS ({_TAGS_OF_IT})"


def _sought(listing: Listing) -> tuple[Sql, ...]:
    """What has a tag is found from there; what is online, too, unless words find fewer by themselves."""
    if listing.statuses == ("online",) and not listing.typed.split():
        others = _filters(replace(listing, statuses=()), tagged=_AMONG_TAGGED)
        return (*others, Sql(f"state = {DeviceState.ACTIVE:d} AND {_AMONG_ONLINE}"))
    return _filters(listing, tagged=_AMONG_TAGGED)


def _filters(listing: Listing, *, tagged: str) -> tuple[Sql, ...]:
    filters = [
        Sql(f"{column} = ANY(%s::bigint[])", (list(ids),))
        for column, ids in (
            ("template_id", listing.template_ids),
            ("organization_id", listing.organization_ids),
            ("location_id", listing.location_ids),
        )
        if ids
    ]
    if listing.tag_ids:
        filters.append(Sql(tagged, (list(listing.tag_ids),)))
    if listing.statuses:
        filters.append(Sql(f"({' OR '.join(f'({STATUSES[status]})' for status in listing.statuses)})"))
    if listing.located:
        filters.append(Sql("latitude IS NOT NULL"))
    return tuple(filters)


def _known(listing: Listing) -> dict[str, Sql]:
    """The filters in terms of the sorts' indexes."""
    sources = (
        ("template", listing.template_ids, "template_key", "devices_template"),
        ("organization", listing.organization_ids, "organization_key", "organizations_organization"),
        ("location", listing.location_ids, "location_key", "organizations_location"),
    )
    known = {sort: named(column, table, ids) for sort, ids, column, table in sources if ids}
    if listing.statuses in _REPORTS_OF:
        known["reported"] = Sql(_REPORTS_OF[listing.statuses])
    return known
