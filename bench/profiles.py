"""Pages about one person: profile and log of the busiest, lookup, and the portal with and without assistance."""

from collections.abc import Iterator
from urllib.parse import urlencode

from bench.browser import Ask
from bench.scenarios import Request, Scenario, Viewer, World

PROFILE = "Profile of the busiest person"
TABS = "Tabs of the busiest person"
PERIOD = "A period of one person's log"
LOOKUP = "Customer lookup, letter by letter, and the person"
MATRIX = "Roles: the matrix, and its switches"
TREE = "Organizations: the tree, the list, and searching it"
PORTAL = "Portal page, by the customer"
ASSISTED = "Portal page, under assistance"
_HEARD = ("anna bauer", "maria schmidt", "müller", "jürgen", "+4915", "berlin energy", "佐藤")
_PERIODS = ("day", "week", "month", "quarter")


def of_one_person(world: World, *, log_entries: int = 0) -> list[Scenario]:
    """Everything that only reads. Where the log was made longer, its scenario says how long it is."""
    more = f", {log_entries:,} entries" if log_entries else ""
    return [
        Scenario(name=PROFILE, requests=tuple(_profile(world))),
        Scenario(name=TABS, requests=tuple(_tabs(world))),
        Scenario(name=PERIOD + more, requests=tuple(_periods(world))),
        Scenario(name=LOOKUP, requests=tuple(_lookup(world))),
        Scenario(name=MATRIX, requests=tuple(_matrix(world))),
        Scenario(name=TREE, requests=tuple(_tree(world))),
    ]


def customer_of(world: World) -> Viewer:
    """Somebody of the largest tenant who has nothing but the portal."""
    big = world.admin.tenant
    ((email,),) = world.rows(
        "SELECT email FROM users_user WHERE tenant_id = %s AND role_id = %s AND state = 1 ORDER BY id LIMIT 1",
        *(big.id, big.first_role + 2),
    )
    return Viewer(name="customer", email=email, tenant=big)


def _profile(world: World) -> Iterator[Request]:
    person = world.admin.tenant.busiest
    yield Request(viewer=world.admin, ask=Ask(path=f"/users/{person}/"))
    yield Request(viewer=world.admin, ask=Ask(path=f"/users/{person}/activity/latest/", target="latest"))


def _matrix(world: World) -> Iterator[Request]:
    for viewer in world.admins:
        yield Request(viewer=viewer, ask=Ask(path="/roles/"))
        yield Request(viewer=viewer, ask=Ask(path="/roles/?edit=1"))


def _tree(world: World) -> Iterator[Request]:
    for viewer in world.admins:
        for query in ("", "?sort=name", "?sort=created", "?q=berlin", "?part=partners"):
            yield Request(viewer=viewer, ask=Ask(path=f"/organizations/{query}"))


def _tabs(world: World) -> Iterator[Request]:
    person = world.admin.tenant.busiest
    for slug in ("activity", "action-log", "devices", "security"):
        yield Request(viewer=world.admin, ask=Ask(path=f"/users/{person}/{slug}/", target="tab"))


def _periods(world: World) -> Iterator[Request]:
    big = world.admin.tenant
    for person in (big.busiest, big.less_busy, *(world.someone(big) for _number in range(6))):
        for period in _PERIODS:
            for more in ({}, {"as": "by"}, {"as": "on"}, {"q": "disable"}, {"result": "refused"}):
                path = f"/users/{person}/action-log/?" + urlencode({"period": period, **more})
                yield Request(viewer=world.admin, ask=Ask(path=path, target="log"))


def _lookup(world: World) -> Iterator[Request]:
    for viewer in (world.admin, world.branch_admin, world.staff):
        for heard in _HEARD:
            for end in range(1, len(heard) + 1):
                path = "/lookup/?" + urlencode({"q": heard[:end]})
                yield Request(viewer=viewer, ask=Ask(path=path, target="results"))
    for person in (world.admin.tenant.busiest, *(world.someone(world.admin.tenant) for _number in range(10))):
        yield Request(viewer=world.admin, ask=Ask(path=f"/lookup/{person}/", target="pane"))
