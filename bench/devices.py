"""What is asked of the Devices page, as its users ask it, and of the pages of one device."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from bench.browser import Ask
from bench.fleet import KINDS, ROOMS, SLOTS
from bench.scenarios import Request, Scenario, Viewer, World, several
from bench.world import Tenant
from fleetfolk.console import place
from fleetfolk.devices.directory import DEVICES, Sort
from fleetfolk.devices.web.device_state import SORTS

LISTS = "Devices, "
"""With it begins what is promised of lists and search."""
MAP = "Map of devices"
ONE = "Pages of one device"
TABLE = "fleet"
"""The element that htmx fills on the Devices page."""

_TYPED = ("thermostat kitchen", "boiler 12", "water meter café", "厨房", "fw0", "anna bauer", "xqz")
_COMMON = ("kitchen", "boiler", "meter", "fw", "b", "k", "1 2", "maria", "küche", "berlin")
_TABS = ("", "timeline/", "metadata/", "connection/")


def of_devices(world: World) -> list[Scenario]:
    """Everything that only reads."""
    return [
        Scenario(name=f"{LISTS}first page: every sort, both ways", requests=tuple(_first(world)), list=True),
        Scenario(name=f"{LISTS}second and deep pages", requests=tuple(_deep(world)), list=True),
        Scenario(name=f"{LISTS}filters and scopes", requests=tuple(_filtered(world)), list=True),
        Scenario(name=f"{LISTS}search as one types", requests=tuple(_typing(world)), list=True),
        Scenario(name=f"{LISTS}common words in every sort", requests=tuple(_common(world)), list=True),
        Scenario(name=f"{LISTS}serials, tokens, owners", requests=tuple(_exactly(world)), list=True),
        Scenario(name=f"{LISTS}whole page", requests=tuple(_whole(world)), list=True),
        Scenario(name=f"{LISTS}number of matches", requests=tuple(_counts(world))),
        Scenario(name=MAP, requests=tuple(_map(world))),
        Scenario(name=ONE, requests=tuple(_one(world))),
    ]


def _list(viewer: Viewer, *, path: str = "/devices/", target: str = TABLE, **state: Any) -> Request:
    """A request for the Devices page, as htmx makes it unless it is for the whole page."""
    pairs = [(name, value) for name, values in state.items() for value in several(values) if value]
    return Request(viewer=viewer, ask=Ask(path=f"{path}?{urlencode(pairs)}", target=target))


def _someone(world: World, tenant: Tenant, column: str = "id") -> Any:
    """A value of a device of the tenant, by chance."""
    found = world.rows(
        f"SELECT {column} FROM devices_device WHERE id >= %s AND tenant_id = %s AND state <> 4 ORDER BY id LIMIT 1",  # noqa: S608
        *(world.someone(tenant) * SLOTS, tenant.id),
    ) or world.rows(
        f"SELECT {column} FROM devices_device WHERE tenant_id = %s AND state <> 4 ORDER BY created_at LIMIT 1",  # noqa: S608
        tenant.id,
    )
    return found[0][0]


def _place_of(world: World, sort: Sort, device: int) -> str:
    """The device's place in a list sorted so, as text for an address."""
    columns = ", ".join(column for column, _kind in DEVICES.sorts[sort])
    source = DEVICES.along.get(sort, DEVICES.name)
    (key,) = world.rows(f"SELECT {columns}, id FROM {source} WHERE id = %s", device)  # noqa: S608
    return place.write(key)


def _templates(world: World, tenant: Tenant) -> list[int]:
    """From the most frequent to the rarest."""
    return [key for (key,) in world.rows("SELECT id FROM devices_template WHERE tenant_id = %s ORDER BY id", tenant.id)]


def _first(world: World) -> Iterator[Request]:
    for sort in ("reported", "name", *(sort for sort in SORTS if sort not in {"reported", "name"})):
        for direction in ("desc", "asc"):
            for viewer in world.viewers:
                yield _list(viewer, sort=sort, dir=direction)


def _deep(world: World) -> Iterator[Request]:
    for sort in SORTS:
        for direction in ("asc", "desc"):
            for viewer in (world.admins[0], world.admins[1]):
                for beyond in ("after", "before"):
                    at = _place_of(world, sort, _someone(world, viewer.tenant))  # type: ignore[arg-type]
                    yield _list(viewer, sort=sort, dir=direction, **{beyond: at})


def _filtered(world: World) -> Iterator[Request]:
    big = world.admin.tenant
    templates, places = _templates(world, big), [key for key, _name in big.locations]
    organizations = [row[0] for row in big.organizations]
    for sort in SORTS:
        for viewer in (world.admin, world.branch_admin):
            yield _list(viewer, sort=sort, status="online", template=templates[0])
            yield _list(viewer, sort=sort, status="offline", template=templates[-1])
            yield _list(viewer, sort=sort, status=("waiting", "deactivated"))
            yield _list(viewer, sort=sort, status="offline")
            yield _list(viewer, sort=sort, location=tuple(world.dice.choices(places, k=2)))
            yield _list(viewer, sort=sort, organization=tuple(world.dice.choices(organizations, k=3)))
            yield _list(viewer, sort=sort, tag=big.first_tag)
            yield _list(viewer, sort=sort, status="online", template=templates[1], q="kitchen")


def _typing(world: World) -> Iterator[Request]:
    for typed in _TYPED:
        for viewer in (world.admins[0], world.admins[1], world.branch_admin):
            for end in range(1, len(typed) + 1):
                if typed[end - 1] != " ":
                    yield _list(viewer, q=typed[:end])


def _common(world: World) -> Iterator[Request]:
    for word in _COMMON:
        for sort in SORTS:
            yield _list(world.admin, q=word, sort=sort, dir=world.dice.choice(("asc", "desc")))


def _exactly(world: World) -> Iterator[Request]:
    for viewer in (world.admins[0], world.admins[1]):
        for _number in range(12):
            serial = _someone(world, viewer.tenant, "serial")
            yield _list(viewer, q=serial)
            yield _list(viewer, q=serial[2:8])
            yield _list(viewer, q=_someone(world, viewer.tenant, "token_end"))
            yield _list(viewer, q=_someone(world, viewer.tenant, "owner_key"))


def _whole(world: World) -> Iterator[Request]:
    for typed in ("", "kitchen", "boiler 12", KINDS[-1]):
        for viewer in world.viewers:
            for sort in ("reported", "name"):
                yield _list(viewer, target="", q=typed, sort=sort)


def _counts(world: World) -> Iterator[Request]:
    templates = _templates(world, world.admin.tenant)
    for viewer in (world.admins[0], world.admins[1], world.branch_admin):
        for typed in (*_TYPED, *_COMMON, *KINDS, *ROOMS):
            yield _list(viewer, path="/devices/count/", target="total", q=typed)
        for status in ("online", "offline", "waiting"):
            yield _list(viewer, path="/devices/count/", target="total", status=status)
            yield _list(viewer, path="/devices/count/", target="total", status=status, template=templates[0])


def _map(world: World) -> Iterator[Request]:
    for viewer in world.viewers:
        for typed in ("", "kitchen", "boiler 12"):
            yield _list(viewer, path="/devices/map/", q=typed)


def _one(world: World) -> Iterator[Request]:
    for viewer in (world.admins[0], world.admins[1]):
        for _number in range(8):
            device = _someone(world, viewer.tenant)
            for tab in _TABS:
                yield Request(viewer=viewer, ask=Ask(path=f"/devices/{device}/{tab}"))
