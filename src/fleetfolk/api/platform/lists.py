"""Pages by number, as Blynk's scripts ask for them, and the place that a request is about."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from pydantic import Field

from fleetfolk.access.grants import grants_of
from fleetfolk.api.platform.doors import NO_ORGANIZATION, WRONG, Given, Wrong, home_of, missing
from fleetfolk.api.shell import actor_of
from fleetfolk.api.v1.lists import Key, Text
from fleetfolk.console.marking import words_of
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, TargetNotFound
from fleetfolk.kernel.permissions import Permission
from fleetfolk.organizations.models import Organization
from fleetfolk.tree.queries import organization_seen

MOST: Final = 1000
Short = Annotated[Text, Field(max_length=255)]


class Paged(Given):
    """Which page, beginning with 0."""

    page: int = Field(0, ge=0, le=1_000_000)
    size: int = Field(50, ge=1, le=MOST)


class OfOrganization(Given):
    """About one organization; the key's own where none is named."""

    org_id: Key | None = None


class Searched(Paged):
    """Words that must all be found, and an order."""

    query: Short
    sort_by: Short = ""
    sort_order: Annotated[str, Field(pattern="^(ASC|DESC|asc|desc)$")] = "ASC"


def page_of[M: Model](rows: QuerySet[M], asked: Paged, show: Callable[[Sequence[M]], Sequence[Any]]) -> dict[str, Any]:
    """One page of the rows, which have an order."""
    found = list(rows[asked.page * asked.size : (asked.page + 1) * asked.size])
    return {"content": list(show(found)), "totalElements": rows.order_by().count()}


def sorted_by[M: Model](rows: QuerySet[M], asked: Searched, columns: Mapping[str, str]) -> QuerySet[M]:
    """The rows in the order that is asked for. Refuses what is no column."""
    wanted = re.sub("[^a-z]", "", asked.sort_by.lower())
    column = columns.get(wanted) if wanted else "pk"
    if column is None:
        raise Wrong(400, f"{WRONG}: sortBy")
    sign = "-" if asked.sort_order.upper() == "DESC" else ""
    return rows.order_by(f"{sign}{column}", f"{sign}pk")


def with_words[M: Model](rows: QuerySet[M], query: str, column: str = "search_text") -> QuerySet[M]:
    """Those rows in whose text every word is found."""
    words = words_of(query)
    if not words:
        return rows.none()
    for word in words:
        rows = rows.filter(**{f"{column}__contains": word})
    return rows


def place_of(request: HttpRequest, organization_id: int | None, *, sentence: str = NO_ORGANIZATION) -> Organization:
    """The organization that is named, where who asks may see it; their own where none is."""
    home = home_of(request)
    if organization_id is None or organization_id == home.pk:
        return home
    try:
        return organization_seen(actor_of(request), organization_id)
    except (TargetNotFound, Denied):
        raise missing(sentence) from None


def require_any(actor: Actor, *permissions: Permission) -> None:
    """Raises `Denied` for whoever has none of the rights anywhere."""
    if not any(one.code in grant.permissions for one in permissions for grant in grants_of(actor)):
        raise Denied("permission_missing")
