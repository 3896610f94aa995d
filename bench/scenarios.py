"""What is asked: every list page, search as one types, the palette, the action log, and Actions, by several viewers."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import psycopg

from bench.browser import Ask
from bench.world import SEED, Tenant
from fleetfolk.console import place
from fleetfolk.users.directory import PEOPLE, SORTS, Sort

TABLE = "people"
"""The element that htmx fills on the Users page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Viewer:
    """Somebody who signs in: an Admin of a whole tenant, or one of a branch with less."""

    name: str
    email: str
    tenant: Tenant


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """Somebody asks for something. `peer` is the nearest page of Django's admin, empty where it has none."""

    viewer: Viewer
    ask: Ask
    peer: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scenario:
    """Requests of one sort. Those of a `list` have bare SQL underneath; those that `change` are asked once each."""

    name: str
    requests: tuple[Request, ...]
    list: bool = False
    changes: bool = False


# Columns of the admin's list, by their place in it; it sorts by those that are fields.
_PEER_COLUMN: dict[Sort, int] = {
    "name": 1,
    "email": 2,
    "role": 3,
    "organization": 4,
    "location": 5,
    "status": 6,
    "devices": 8,
    "last_sign_in": 9,
}
_TYPED = (
    *("anna bauer", "maria garcía", "thomas müller", "katarzyna w", "jürgen schm", "o'neil", "佐藤 美咲", "иванов"),
    *("michael wagner staff", "eichenmann", "nowak berlin", "xav"),
)
_COMMON = ("maria", "anna", "user", "com", "an", "a", "m", "e", "mar", "michael", "gmail", "berlin")
_SEVERAL = (
    *("maria schmidt", "anna muller berlin", "thomas martin user", "jose garcia madrid staff", "michael w energy user"),
    *("j smith", "anna nova energy", "mary smith paris gmail"),
)
_NOBODY = ("xq", "qqq", "zzyzx", "maria yamada kraft", "staff admin", "жщ", "olga 東京 admin paris", "ß1")
_PLACES = ("staff", "admin", "berlin", "berlin mitte", "nordwind", "region leeds", "東京", "london park", "depot")
_STATUS_SETS = (("pending",), ("inactive",), ("disabled", "deactivated"), ("active",))


class World:
    """The world as the scenarios need it: who looks, and rows to name in a search or to begin a page at."""

    def __init__(self, connection: psycopg.Connection, tenants: list[Tenant]) -> None:
        self.dice = random.Random(SEED + 2)
        self._cursor = connection.cursor()
        self.tenants = tenants
        big = tenants[0]
        people = self.rows("SELECT email FROM users_user WHERE id BETWEEN %s AND %s ORDER BY id", *_three(big))
        self.admin, self.branch_admin, self.staff = (
            Viewer(name=name, email=email, tenant=big)
            for name, (email,) in zip(("Admin", "branch Admin", "Staff"), people, strict=True)
        )
        self.admins = [self.admin, *(self._admin_of(tenant) for tenant in _different(tenants))]
        self.viewers = [*self.admins, self.branch_admin, self.staff]

    def _admin_of(self, tenant: Tenant) -> Viewer:
        ((email,),) = self.rows("SELECT email FROM users_user WHERE id = %s", tenant.first_person)
        return Viewer(name=f"Admin of {tenant.people:,}", email=email, tenant=tenant)

    def rows(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """What the database answers."""
        self._cursor.execute(statement.encode(), parameters)
        return self._cursor.fetchall()

    def someone(self, tenant: Tenant) -> int:
        """A person of the tenant, by chance."""
        return tenant.first_person + self.dice.randrange(tenant.people)

    def place_of(self, sort: Sort, person: int) -> str:
        """The person's place in a list sorted so, as text for an address."""
        columns = ", ".join(column for column, _kind in SORTS[sort])
        source = PEOPLE.along.get(sort, PEOPLE.name)
        (key,) = self.rows(f"SELECT {columns}, id FROM {source} WHERE id = %s", person)  # noqa: S608
        return place.write(key)

    def column(self, name: str, person: int) -> Any:
        """A value of the person's row."""
        ((value,),) = self.rows(f"SELECT {name} FROM users_user WHERE id = %s", person)  # noqa: S608
        return value


def _three(tenant: Tenant) -> tuple[int, int]:
    return tenant.first_person, tenant.first_person + 2


def _different(tenants: list[Tenant]) -> list[Tenant]:
    """The second tenant, one of the middle, and three of the small: a hundredth, about 2,000, and the smallest."""
    small = sorted(tenants[10:], key=lambda tenant: tenant.people) or tenants[-1:]
    return [tenants[1], tenants[4], tenants[9], small[-1], small[0]]


def reading(world: World) -> list[Scenario]:
    """Everything that only reads."""
    return [
        Scenario(name="List, first page: every sort, tenants of every size", requests=tuple(_first(world)), list=True),
        Scenario(name="List, deep pages: every sort, both ways", requests=tuple(_deep(world)), list=True),
        Scenario(name="List, scopes and filters", requests=tuple(_filtered(world)), list=True),
        Scenario(name="Search as one types, letter by letter", requests=tuple(_typing(world)), list=True),
        Scenario(name="Search, common words in every sort", requests=tuple(_common(world)), list=True),
        Scenario(name="Search, two to four words", requests=tuple(_words(world, _SEVERAL)), list=True),
        Scenario(name="Search, e-mail and telephone", requests=tuple(_addresses(world)), list=True),
        Scenario(name="Search, roles, places, organizations", requests=tuple(_words(world, _PLACES)), list=True),
        Scenario(name="Search, nobody found", requests=tuple(_words(world, _NOBODY)), list=True),
        Scenario(name="Search in branches and small tenants", requests=tuple(_inside(world)), list=True),
        Scenario(name="Whole page, not only its table", requests=tuple(_whole(world)), list=True),
        Scenario(name="Number of matches, asked when typing pauses", requests=tuple(_counts(world))),
        Scenario(name="Palette (Ctrl-K), letter by letter", requests=tuple(_palette(world))),
        Scenario(name="Action log", requests=tuple(_log(world))),
    ]


def _list(viewer: Viewer, *, peer: bool = True, whole: bool = False, **state: Any) -> Request:
    """A request for the Users page, as htmx makes it unless it is for the whole page."""
    pairs = [(name, value) for name, values in state.items() for value in several(values) if value]
    path = "/users/?" + urlencode(pairs)
    return Request(viewer=viewer, ask=Ask(path=path, target="" if whole else TABLE), peer=_peer(state) if peer else "")


def several(value: Any) -> tuple[Any, ...]:
    """The values of a parameter that may be there more than once."""
    return value if isinstance(value, tuple) else (value,)


def _peer(state: dict[str, Any]) -> str:
    """The admin's list with the same words and sort; its own default, which has an index, where it cannot sort so."""
    column = _PEER_COLUMN.get(state.get("sort", ""))
    pairs = [("q", state.get("q", ""))]
    if column:
        pairs.append(("o", f"-{column}" if state.get("dir") == "desc" else str(column)))
    return "/admin/users/user/?" + urlencode([pair for pair in pairs if pair[1]])


def _first(world: World) -> Iterator[Request]:
    for sort in SORTS:
        for direction in ("asc", "desc"):
            for viewer in world.viewers:
                yield _list(viewer, sort=sort, dir=direction)


def _deep(world: World) -> Iterator[Request]:
    for sort in SORTS:
        for direction in ("asc", "desc"):
            for beyond in ("after", "after", "before"):
                for viewer in (world.admins[0], world.admins[1]):
                    at = world.place_of(sort, world.someone(viewer.tenant))
                    yield _list(
                        viewer,
                        sort=sort,
                        dir=direction,
                        after=at if beyond == "after" else "",
                        before=at if beyond == "before" else "",
                    )


def _filtered(world: World) -> Iterator[Request]:
    big = world.admin.tenant
    roles, places = [big.first_role + offset for offset in range(3)], [key for key, _name in big.locations]
    organizations = [row[0] for row in big.organizations]
    for sort in SORTS:
        for viewer in (world.admin, world.branch_admin):
            yield _list(viewer, peer=False, sort=sort, scope="here")
            yield _list(viewer, peer=False, sort=sort, status=world.dice.choice(_STATUS_SETS))
            yield _list(viewer, peer=False, sort=sort, role=tuple(world.dice.sample(roles, 2)))
            yield _list(viewer, peer=False, sort=sort, location=tuple(world.dice.sample(places, 2)))
            yield _list(viewer, peer=False, sort=sort, organization=tuple(world.dice.choices(organizations, k=3)))
            yield _list(viewer, peer=False, sort=sort, status=("pending",), role=(roles[0],), q="an")


def _typing(world: World) -> Iterator[Request]:
    for typed in _TYPED:
        for viewer in (world.admins[0], world.admins[1]):
            for end in range(1, len(typed) + 1):
                if typed[end - 1] != " ":
                    yield _list(viewer, q=typed[:end])


def _common(world: World) -> Iterator[Request]:
    for word in _COMMON:
        for sort in SORTS:
            direction = world.dice.choice(("asc", "desc"))
            yield _list(world.admin, q=word, sort=sort, dir=direction)


def _words(world: World, typed: tuple[str, ...]) -> Iterator[Request]:
    for words in typed:
        for sort in ("", "name", "role", "created"):
            for viewer in (world.admins[0], world.admins[1], world.admins[3]):
                yield _list(viewer, q=words, sort=sort)


def _addresses(world: World) -> Iterator[Request]:
    big = world.admin.tenant
    for _number in range(12):
        email = world.column("email", world.someone(big))
        yield _list(world.admin, q=email)
        yield _list(world.admin, q=email[: email.index("@") - 1])
        yield _list(world.admin, q=email[email.index("@") :])
    for _number in range(24):
        phone = world.column("phone", world.someone(big)) or "+4915112345678"
        yield _list(world.admin, q=phone)
        yield _list(world.admin, q=phone[3:9])
        yield _list(world.admin, q="0" + phone[3:])


def _inside(world: World) -> Iterator[Request]:
    for typed in ("a", "an", "anna", "maria", "berg", "müller", "xq", "anna b", "staff", "gmail"):
        for viewer in (world.branch_admin, world.staff, *world.admins[2:]):
            for sort in ("", "name"):
                yield _list(viewer, peer=False, q=typed, sort=sort)


def _whole(world: World) -> Iterator[Request]:
    for typed in ("", "", "anna", "müller", "an", "maria schmidt"):
        for viewer in world.viewers:
            for sort in ("", "name"):
                yield _list(viewer, peer=False, whole=True, q=typed, sort=sort)


def _counts(world: World) -> Iterator[Request]:
    for typed in (*_TYPED, *_COMMON, *_SEVERAL, *_PLACES):
        for viewer in (world.admins[0], world.admins[1], world.branch_admin):
            path = "/users/count/?" + urlencode({"q": typed})
            yield Request(viewer=viewer, ask=Ask(path=path, target="total"))


def _palette(world: World) -> Iterator[Request]:
    for typed in _TYPED[:8]:
        for end in range(1, len(typed) + 1):
            viewer = world.dice.choice(world.viewers)
            path = "/find/?" + urlencode({"q": typed[:end]})
            yield Request(viewer=viewer, ask=Ask(path=path, target="palette-results"))


def _log(world: World) -> Iterator[Request]:
    for period in ("hour", "day", "week", "month", "quarter"):
        for viewer in world.viewers:
            for more in ({}, {"scope": "here"}, {"q": "disabled"}, {"result": "denied"}):
                path = "/action-log/?" + urlencode({"period": period, **more})
                yield Request(viewer=viewer, ask=Ask(path=path, target="log"))


def changing(world: World, count: int) -> list[Scenario]:
    """What changes people: each is somebody else, so that the requests do not wait for one another."""
    big = world.admin.tenant
    plain = world.rows(
        "SELECT id, first_name, last_name, role_id FROM users_user"
        " WHERE tenant_id = %s AND state = 1 AND role_id = %s ORDER BY hashint8(id) LIMIT %s",
        *(big.id, big.first_role + 2, count * 2),
    )
    disabled, edited = plain[:count], plain[count : 2 * count]
    return [
        Scenario(
            name="Disable",
            requests=tuple(_post(world.admin, f"/users/{row[0]}/disable/", reason="left") for row in disabled),
            changes=True,
        ),
        Scenario(
            name="Enable",
            requests=tuple(_post(world.admin, f"/users/{row[0]}/enable/") for row in disabled),
            changes=True,
        ),
        Scenario(
            name="Edit",
            requests=tuple(
                _post(
                    world.admin,
                    f"/users/{key}/edit/",
                    first_name=first,
                    last_name=f"{last} Neu",
                    phone=f"+4930{key:08}",
                    role=role,
                    location="",
                    time_zone="",
                )
                for key, first, last, role in edited
            ),
            changes=True,
        ),
        Scenario(
            name="Invite",
            requests=tuple(
                _post(
                    world.admin,
                    "/users/invite/",
                    first_name="Nora",
                    last_name=f"Neu {number}",
                    email=f"nora.{number}@bench.example",
                    role=big.first_role + 2,
                    organization=big.id,
                    phone="",
                    location="",
                )
                for number in range(count)
            ),
            changes=True,
        ),
    ]


def _post(viewer: Viewer, path: str, **form: object) -> Request:
    pairs = tuple((name, str(value)) for name, value in form.items())
    return Request(viewer=viewer, ask=Ask(path=path, target="dialog-host", form=pairs, expected=(204,)))
