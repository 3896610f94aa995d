"""The organizations of a tenant as a list, or as a tree of which some branches are open.

There are thousands of them, not millions: each page is one statement along an index, or over all of the tenant's where
it is sorted by a number that is counted first. Numbers count everything below an organization, itself included.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from fleetfolk.console.directory.asked import Cursor, Key, Page
from fleetfolk.console.marking import ANYWHERE_FROM
from fleetfolk.console.sql import Sql, all_of, any_of
from fleetfolk.devices.models import DeviceState
from fleetfolk.users.models import State

Sort = Literal["tree", "name", "kind", "users", "devices", "below", "created"]
Part = Literal["", "mine", "partners", "no_devices", "no_users", "archived"]

SORTS: Final[dict[Sort, tuple[tuple[str, str], ...]]] = {
    "tree": (("o.line", "text"),),
    "name": (('fold(o.name) COLLATE "C"', "text"),),
    "kind": (("o.kind", "text"), ("o.line", "text")),
    "created": (("o.created_at", "timestamptz"),),
    "users": (("coalesce(number.total, 0)", "bigint"),),
    "devices": (("coalesce(number.total, 0)", "bigint"),),
    "below": (("coalesce(number.total, 0)", "bigint"),),
}
PARTNERS: Final = ("distributor", "reseller", "contractor", "installer")

# What begins with a path is a range of paths in the collation of the bytes: "1.7." up to "1.7/".
_BELOW: Final = (
    "{alias}.tenant_id = o.tenant_id AND {alias}.path >= o.path AND {alias}.path < rtrim(o.path, '.') || '/'"
)
_PEOPLE: Final = f"users_user u WHERE {_BELOW.format(alias='u')}"
_DEVICES: Final = f"devices_device d WHERE {_BELOW.format(alias='d')}"
_SHOWN_PEOPLE: Final = f"{_PEOPLE} AND u.state <> {State.DEACTIVATED:d}"
_SHOWN_DEVICES: Final = f"{_DEVICES} AND d.state < {DeviceState.DELETED:d}"
_GONE_STATES: Final = f"{DeviceState.DELETED:d}, {DeviceState.AWAY:d}"
_OTHERS: Final = (
    f"organizations_organization x WHERE {_BELOW.format(alias='x')} AND x.id <> o.id AND x.archived_at IS NULL"
)

# How many there are at and below each organization of the tenant: counted by place in an index, less what is gone,
# then added up along the paths.
_ADDED_UP: Final = (
    "(SELECT above.id, sum(here.total)::bigint AS total FROM ({counted}) here"
    " CROSS JOIN unnest(string_to_array(rtrim(here.path, '.'), '.')::bigint[]) above (id) GROUP BY above.id)"
)
_COUNTED: Final[dict[str, str]] = {
    "users": (
        "SELECT path, count(*) AS total FROM users_user WHERE tenant_id = %s GROUP BY path"
        " UNION ALL SELECT path, -count(*) FROM users_user"
        f" WHERE tenant_id = %s AND state = {State.DEACTIVATED:d} GROUP BY path"
    ),
    "devices": (
        "SELECT path, count(*) AS total FROM devices_device WHERE tenant_id = %s GROUP BY path"
        " UNION ALL SELECT path, -count(*) FROM devices_device"
        f" WHERE tenant_id = %s AND state IN ({_GONE_STATES}) GROUP BY path"
    ),
    "below": (
        "SELECT parent.path, count(*) AS total FROM organizations_organization child"
        " JOIN organizations_organization parent ON parent.id = child.parent_id"
        " WHERE child.tenant_id = %s AND parent.tenant_id = %s AND child.archived_at IS NULL GROUP BY parent.path"
    ),
}

COUNT_CAP: Final = 1_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """Which organizations, in which order, from where on.

    ``branches`` (path prefixes with all below) are a reach: None does not restrict. ``shown_below`` makes a tree of it:
    only ``tops`` and what is right below these keys. ``viewer`` is whose organizations “mine” are, ``without``
    the key of one that is left out.
    """

    tenant_id: int
    branches: tuple[str, ...] | None = None
    tops: tuple[int, ...] = ()
    shown_below: tuple[int, ...] | None = None
    words: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    part: Part = ""
    viewer: int | None = None
    without: int | None = None
    sort: Sort = "tree"
    descending: bool = False
    after: Key | None = None
    backward: bool = False
    size: int = 25

    @property
    def is_filtered(self) -> bool:
        """Whether counting them is left to a second request."""
        return False


def page(cursor: Cursor, listing: Listing) -> Page:
    """The page after (or before) the cursor."""
    columns = SORTS[listing.sort]
    falling = listing.descending != listing.backward
    order = ", ".join(f"{name} {'DESC' if falling else 'ASC'}" for name, _type in (*columns, ("o.id", "")))
    keys = ", ".join(name for name, _type in columns)
    where = [_where(listing)]
    if listing.after is not None:
        marks = ", ".join([*(f"%s::{kind}" for _name, kind in columns), "%s::bigint"])
        where.append(Sql(f"({keys}, o.id) {'<' if falling else '>'} ({marks})", tuple(listing.after)))
    condition, source = all_of(where), _source(listing)
    cursor.execute(
        f"SELECT {keys}, o.id FROM {source.text} WHERE {condition.text} ORDER BY {order} LIMIT {listing.size + 1:d}",
        (*source.params, *condition.params),
    )
    found: list[Key] = [tuple(row) for row in cursor.fetchall()]
    rows, beyond, moved = found[: listing.size], len(found) > listing.size, listing.after is not None
    if listing.backward:
        return Page(keys=tuple(reversed(rows)), has_previous=beyond, has_next=moved, route="organizations")
    return Page(keys=tuple(rows), has_previous=moved, has_next=beyond, route="organizations")


def count(cursor: Cursor, listing: Listing) -> tuple[int, bool]:
    """How many there are in all; of a tree, with what is below closed branches."""
    where = _where(listing, whole=True)
    cursor.execute(f"SELECT count(*) FROM organizations_organization o WHERE {where.text}", where.params)
    ((found,),) = cursor.fetchall()
    return found, False


def _source(listing: Listing) -> Sql:
    counted = _COUNTED.get(listing.sort)
    if counted is None:
        return Sql("organizations_organization o")
    numbers = _ADDED_UP.format(counted=counted)
    return Sql(f"organizations_organization o LEFT JOIN {numbers} number ON number.id = o.id", (listing.tenant_id,) * 2)


def _where(listing: Listing, *, whole: bool = False) -> Sql:
    terms = [Sql("o.tenant_id = %s", (listing.tenant_id,))]
    if listing.branches is not None:
        terms.append(any_of([Sql("o.path LIKE %s", (f"{path}%",)) for path in listing.branches]))
    if listing.shown_below is not None and not whole:
        shown = (list(listing.tops), list(listing.shown_below))
        terms.append(Sql("(o.id = ANY(%s::bigint[]) OR o.parent_id = ANY(%s::bigint[]))", shown))
    # Folded text is letters, digits and single spaces: nothing in it is special to LIKE.
    terms += [
        Sql("' ' || fold(o.name) LIKE %s", (f"%{word}%" if len(word) >= ANYWHERE_FROM else f"% {word}%",))
        for word in listing.words
    ]
    if listing.without is not None:
        terms.append(Sql("o.id <> %s", (listing.without,)))
    if listing.kinds:
        terms.append(Sql("o.kind = ANY(%s)", (list(listing.kinds),)))
    terms.append(Sql("o.archived_at IS NOT NULL" if listing.part == "archived" else "o.archived_at IS NULL"))
    return all_of([*terms, *_part(listing)])


def _part(listing: Listing) -> list[Sql]:
    """What a part of the tree asks for, beside whether it is archived."""
    match listing.part:
        case "mine":
            return [Sql("o.created_by_id = %s", (listing.viewer,))]
        case "partners":
            return [Sql("o.kind = ANY(%s)", (list(PARTNERS),))]
        case "no_devices":
            return [Sql(f"NOT EXISTS (SELECT FROM {_SHOWN_DEVICES})")]
        case "no_users":
            return [Sql(f"NOT EXISTS (SELECT FROM {_SHOWN_PEOPLE})")]
        case _:
            return []


def _capped(source: str, gone: str = "0") -> str:
    """Up to one more than the cap, counted in an index alone: what is gone is counted apart, and taken away."""
    return f"(SELECT count(*) FROM (SELECT 1 FROM {source} LIMIT {COUNT_CAP + 1:d} + {gone}) counted) - {gone}"


def _gone(alias: str) -> str:
    return f"(SELECT count(*) FROM {alias} WHERE {_BELOW.format(alias=alias)})"


ROWS: Final = f"""
WITH wanted AS MATERIALIZED (
    SELECT o.*, listed.place FROM unnest(%s::bigint[]) WITH ORDINALITY AS listed (id, place)
    JOIN organizations_organization o ON o.id = listed.id
), gone_people AS MATERIALIZED (
    SELECT u.tenant_id, u.path FROM users_user u
    WHERE u.tenant_id = (SELECT tenant_id FROM wanted LIMIT 1) AND u.state = {State.DEACTIVATED:d}
), gone_devices AS MATERIALIZED (
    SELECT d.tenant_id, d.path FROM devices_device d
    WHERE d.tenant_id = (SELECT tenant_id FROM wanted LIMIT 1) AND d.state IN ({_GONE_STATES})
)
SELECT o.id, o.name, o.kind, o.path, o.created_at, o.archived_at,
    ARRAY(SELECT line.name FROM organizations_organization line
          WHERE line.id = ANY(string_to_array(rtrim(o.path, '.'), '.')::bigint[]) AND line.id <> o.id
          ORDER BY line.path),
    {_capped(_PEOPLE, _gone("gone_people"))}, {_capped(_DEVICES, _gone("gone_devices"))}, {_capped(_OTHERS)}
FROM wanted o
ORDER BY o.place
"""
"""What a page shows of the organizations with these keys, in this order."""


def path_ids(path: str) -> tuple[int, ...]:
    """The keys in a path, from the root down."""
    return tuple(int(key) for key in path.split(".") if key)


def opened(rows: Sequence[tuple[int, str]], tops: Sequence[int]) -> tuple[int, ...]:
    """The tops, and those of the branches (key and path) that are seen: all between them and a top is open, too."""
    known, seen = {key for key, _path in rows}, set(tops)
    for key, path in sorted(rows, key=lambda row: len(row[1])):
        keys = path_ids(path)
        if key in known and len(keys) > 1 and keys[-2] in seen:
            seen.add(key)
    return tuple(sorted(seen))
