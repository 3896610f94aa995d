"""The people of a tenant as a list: what it can be sorted and filtered by. `console.directory` finds the pages.

Deactivated people are in no list, and no word finds them, unless the listing asks for that very status.
"""

from dataclasses import dataclass
from typing import Final, Literal

from fleetfolk.console.bubbles import Narrowing
from fleetfolk.console.directory import counting, matching, paging
from fleetfolk.console.directory.asked import Cursor, Key, Page, Table, Tags, Wanted, named
from fleetfolk.console.directory.limits import COUNT_CAP
from fleetfolk.console.sql import Sql
from fleetfolk.users.developers import UserType, type_sql
from fleetfolk.users.models import User

__all__ = ["COUNT_CAP", "SORTS", "STATUSES", "Cursor", "Key", "Listing", "Page", "Sort", "Status", "count", "page"]

Sort = Literal[
    "name", "email", "role", "location", "organization", "status", "tags", "devices", "last_sign_in", "created"
]
Status = Literal["active", "inactive", "pending", "disabled", "deletion", "deactivated"]

_SIGNED_IN: Final = "coalesce(last_sign_in_at, 'epoch')"
_MONTH_AGO: Final = "now() - interval '30 days'"
# Each is exactly the list of one index (tenant_id, …, id), with the type a cursor's value is cast to.
SORTS: Final[dict[Sort, tuple[tuple[str, str], ...]]] = {
    "name": (("name_key", "text"),),
    "email": (("email", "text"),),
    "role": (("role_key", "text"),),
    "location": (("location_key", "text"),),
    "organization": (("organization_key", "text"),),
    "status": (("state", "smallint"), (_SIGNED_IN, "timestamptz")),
    "tags": (("tags_key", "text"),),
    "devices": (("device_count", "integer"),),
    "last_sign_in": ((_SIGNED_IN, "timestamptz"),),
    "created": (("created_at", "timestamptz"),),
}
# What each status is: the stored state, and since when the last sign-in.
STATUSES: Final[dict[Status, tuple[int, str]]] = {
    "active": (1, f"{_SIGNED_IN} >= {_MONTH_AGO}"),
    "inactive": (1, f"{_SIGNED_IN} < {_MONTH_AGO}"),
    "pending": (2, "true"),
    "disabled": (3, "true"),
    "deletion": (4, "true"),
    "deactivated": (5, "true"),
}

# The order by tags stands beside the people. Tenant and key are those of that table: a place in the list is then a
# place in its index.
_OF_PEOPLE: Final = ", ".join(
    f"u.{field.column}" for field in User._meta.concrete_fields if field.column not in ("id", "tenant_id")
)
_BY_TAGS: Final = (
    f"(SELECT k.tenant_id, k.tags_key, k.user_id AS id, {_OF_PEOPLE}"  # noqa: S608 - columns of ours
    " FROM users_tagskey k JOIN users_user u ON u.id = k.user_id) users_user"
)
# Of the few that are gathered each is looked up: a join would be planned for many.
_WITH_TAGS: Final = (
    "(SELECT (SELECT k.tags_key FROM users_tagskey k WHERE k.user_id = u.id) AS tags_key, u.*"
    " FROM users_user u) users_user"
)

PEOPLE: Final = Table(
    name="users_user",
    sorts=SORTS,
    wordy=frozenset({"name", "email", "role", "location", "organization"}),
    sampled="last_sign_in",
    covered="last_sign_in",
    shown="state <> 5",
    hidden="state = 5",
    along={"tags": _BY_TAGS},
    beside={"tags": _WITH_TAGS},
    address="email",
    tags=Tags(names="organizations_tag", links="users_usertag", of="user_id"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """Which people, in which order, from where on.

    `branches` (path prefixes, "1.7.", with all below) and `homes` (organization ids) are a reach: None does not
    restrict, an empty tuple is nobody. The filters restrict further; an empty filter does not restrict, but leaves out
    the deactivated.
    """

    tenant_id: int
    branches: tuple[str, ...] | None = None
    homes: tuple[int, ...] | None = None
    typed: str = ""
    role_ids: tuple[int, ...] = ()
    location_ids: tuple[int, ...] = ()
    organization_ids: tuple[int, ...] = ()
    tag_ids: tuple[int, ...] = ()
    narrowed: tuple[Narrowing, ...] = ()
    statuses: tuple[Status, ...] = ()
    types: tuple[UserType, ...] = ()
    sort: Sort = "name"
    descending: bool = False
    after: Key | None = None  # key of the last row seen (of the first one seen, if backward)
    backward: bool = False
    size: int = 25

    @property
    def is_filtered(self) -> bool:
        """Whether words or filters choose among the people within reach."""
        chosen = (self.role_ids, self.location_ids, self.organization_ids, self.tag_ids, self.statuses, self.types)
        return bool(self.typed.split()) or any(chosen) or bool(self.narrowed)


def page(cursor: Cursor, listing: Listing) -> Page:
    """The page after (or before) the cursor, in one to six statements, however deep it lies."""
    return paging.page(cursor, _wanted(listing))


def count(cursor: Cursor, listing: Listing) -> tuple[int, bool]:
    """How many there are in all, whatever the cursor, and whether that was cut at COUNT_CAP ("1,000+")."""
    return counting.count(cursor, _wanted(listing))


def condition(cursor: Cursor, listing: Listing) -> Sql:
    """What every person of the listing fulfils, as a condition on `users_user`."""
    return matching.condition(cursor, _wanted(listing))


def source(listing: Listing) -> str:
    """What the whole listing is read from, called `users_user`."""
    return _wanted(listing).source


def order(listing: Listing) -> tuple[str, str]:
    """What the whole listing is ordered by: as columns of the source, and the order by them of what is called `u`."""
    columns = [column for column, _kind in SORTS[listing.sort]]
    names = [f"by{place}" for place, _column in enumerate(columns)]
    keys = ", ".join(f"{column} AS {name}" for name, column in zip(names, columns, strict=True))
    down = " DESC" if listing.descending else ""
    return keys, ", ".join(f"u.{name}{down}" for name in (*names, "id"))


def _wanted(listing: Listing) -> Wanted:
    return Wanted(
        table=PEOPLE,
        tenant_id=listing.tenant_id,
        branches=listing.branches,
        homes=listing.homes,
        typed=listing.typed,
        filters=(*_filters(listing, tagged=_TAGGED), *(part.one for part in listing.narrowed)),
        sought=(*_filters(listing, tagged=_AMONG_TAGGED), *(part.among for part in listing.narrowed)),
        known=_known(listing),
        hides=not listing.statuses,  # Where statuses are asked for, they tell.
        by_state=bool(listing.statuses),
        inside=not any(
            (
                *(listing.role_ids, listing.location_ids, listing.organization_ids, listing.tag_ids),
                *(listing.types, listing.narrowed),
            )
        ),
        sort=listing.sort,
        descending=listing.descending,
        after=listing.after,
        backward=listing.backward,
        size=listing.size,
    )


# Of one row, and of all.
_TAGS_OF_THEM: Final = "SELECT true FROM users_usertag t WHERE t.user_id = users_user.id AND t.tag_id = ANY(%s)"
_TAGGED: Final = f"({_TAGS_OF_THEM} LIMIT 1) IS TRUE"
_AMONG_TAGGED: Final = f"EXISTS ({_TAGS_OF_THEM})"


def _filters(listing: Listing, *, tagged: str) -> tuple[Sql, ...]:
    filters = [
        Sql(f"{column} = ANY(%s::bigint[])", (list(ids),))
        for column, ids in (
            ("role_id", listing.role_ids),
            ("location_id", listing.location_ids),
            ("organization_id", listing.organization_ids),
        )
        if ids
    ]
    if listing.tag_ids:
        filters.append(Sql(tagged, (list(listing.tag_ids),)))
    if listing.statuses:
        either = (f"(state = {state:d} AND {since})" for state, since in map(STATUSES.__getitem__, listing.statuses))
        filters.append(Sql(f"({' OR '.join(either)})"))
    if listing.types:
        kind = type_sql(listing.tenant_id)
        filters.append(Sql(f"({kind.text} = ANY(%s::text[]))", (*kind.params, [*listing.types])))
    return tuple(filters)


def _known(listing: Listing) -> dict[str, Sql]:
    """The filters in terms of the sorts' indexes."""
    states = sorted({STATUSES[status][0] for status in listing.statuses})
    known = {"status": Sql("state = ANY(%s::smallint[])", (states,)) if states else Sql("state < 5")}
    if listing.statuses in (("active",), ("inactive",)):
        known["last_sign_in"] = Sql(STATUSES[listing.statuses[0]][1])
    for sort, ids, column, table in (
        ("role", listing.role_ids, "role_key", "access_role"),
        ("location", listing.location_ids, "location_key", "organizations_location"),
        ("organization", listing.organization_ids or listing.homes, "organization_key", "organizations_organization"),
    ):
        if ids:
            known[sort] = named(column, table, ids)
    return known
