"""People as a CSV file, written by the database as it reads them: whom a listing holds, and what its columns show."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from fleetfolk.console.csv_export import copied_lines, safe_sql
from fleetfolk.console.sql import Sql, all_of
from fleetfolk.users import directory
from fleetfolk.users.developers import UserType, type_sql
from fleetfolk.users.directory import Listing
from fleetfolk.users.models import Status

LONGEST: Final = "15min"
"""So long may a file take. Whoever takes it more slowly would hold up the database's tidying, and starts anew."""

_CHOSEN: Final = "users_user.id IN (SELECT target.target_id FROM jobs_target target WHERE target.job_id = %s)"


# What is beside a person is joined: looked up row by row it would cost more than all else.
_BESIDE: Final = (
    "JOIN access_role role ON role.id = u.role_id"
    " JOIN organizations_organization home ON home.id = u.organization_id"
    " LEFT JOIN organizations_location place ON place.id = u.location_id"
    " LEFT JOIN (SELECT link.user_id, string_agg(tag.name, '; ' ORDER BY tag.name, tag.id) AS names"
    " FROM users_usertag link JOIN organizations_tag tag ON tag.id = link.tag_id"
    " WHERE link.tenant_id = %s GROUP BY link.user_id) tags ON tags.user_id = u.id"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class CsvColumn:
    """A column of the file: its word, and what stands in it, as SQL."""

    label: StrPromise
    cell: str


def _moment(column: str) -> str:
    return f"""coalesce(to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), '')"""


CSV_COLUMNS: Final[Mapping[str, CsvColumn]] = {
    "name": CsvColumn(label=_("Name"), cell=safe_sql("coalesce(nullif(u.name, ''), u.email)")),
    "email": CsvColumn(label=_("E-mail"), cell=safe_sql("u.email")),
    # A number begins with a plus sign.
    "phone": CsvColumn(label=_("Phone"), cell="CASE WHEN u.phone = '' THEN '' ELSE '''' || u.phone END"),
    "role": CsvColumn(label=_("Role"), cell=safe_sql("role.name")),
    "organization": CsvColumn(label=_("Organization"), cell=safe_sql("home.name")),
    "location": CsvColumn(label=_("Location"), cell=safe_sql("coalesce(place.name, '')")),
    "status": CsvColumn(label=_("Status"), cell=""),
    "type": CsvColumn(label=_("Type"), cell=""),
    "tags": CsvColumn(label=_("Tags"), cell=safe_sql("coalesce(tags.names, '')")),
    "devices": CsvColumn(label=_("Devices"), cell="u.device_count"),
    "last_sign_in": CsvColumn(label=_("Last sign-in"), cell=_moment("u.last_sign_in_at")),
    "created": CsvColumn(label=_("Created"), cell=_moment("u.created_at")),
}
"""Every column that the file can have, in order. Moments are in UTC, as RFC 3339 writes them."""


def people_csv(
    listing: Listing, columns: Sequence[str], *, mark: bool = False, chosen: int | None = None
) -> Iterator[bytes]:
    """Pieces of the file, drawn while it is taken: memory does not grow with the number of people.

    The rows are those of the listing at the moment when the first piece is drawn, in its order. ``chosen`` is the key
    of a job: of the people that were chosen for it, those alone that the listing holds.
    """
    header = [str(CSV_COLUMNS[name].label) for name in columns]
    cells = [_cell(name, listing) for name in columns]
    return copied_lines(header, lambda: _rows(listing, cells, chosen), mark=mark)


@contextmanager
def _rows(listing: Listing, cells: Sequence[Sql], chosen: int | None) -> Iterator[Any]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('transaction_timeout', %s, true)", [LONGEST])
        where = directory.condition(cursor, listing)
        if chosen is not None:
            where = all_of([where, Sql(_CHOSEN, (chosen,))])
        keys, order = directory.order(listing)
        statement = (
            f"COPY (SELECT {', '.join(cell.text for cell in cells)}"  # noqa: S608 - names of ours, and parameters
            f" FROM (SELECT users_user.*, {keys} FROM {directory.source(listing)} WHERE {where.text}) u {_BESIDE}"
            f" ORDER BY {order}) TO STDOUT (FORMAT csv)"
        )
        parameters = [parameter for part in (*cells, where) for parameter in part.params]
        parameters.append(listing.tenant_id)
        with cursor.copy(statement, parameters) as rows:
            yield rows


def _cell(name: str, listing: Listing) -> Sql:
    match name:
        case "status":
            return _status()
        case "type":
            return _type(listing.tenant_id)
        case _:
            return Sql(CSV_COLUMNS[name].cell)


def _status() -> Sql:
    """The status in the reader's words, by the very conditions of the filter."""
    cases = " ".join(f"WHEN u.state = {state:d} AND {since} THEN %s" for state, since in directory.STATUSES.values())
    return Sql(f"CASE {cases} END", tuple(str(Status(status).label) for status in directory.STATUSES))


def _type(tenant_id: int) -> Sql:
    """The type in the reader's words."""
    kind = type_sql(tenant_id, of="u")
    cases = " ".join("WHEN %s THEN %s" for _kind in UserType)
    words = tuple(word for one in UserType for word in (one.value, str(one.label)))
    return Sql(f"CASE {kind.text} {cases} END", (*kind.params, *words))
