"""The rows of the Users page: whom the viewer may see, one page of them, with what the table shows."""

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import connection
from django.utils import timezone

from fleetfolk.access.gate import Grant, grants_of
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.measures import SEARCHES
from fleetfolk.users import directory
from fleetfolk.users.directory import Listing
from fleetfolk.users.models import Invitation, Status, User, UserTag, status_of
from fleetfolk.users.permissions import VIEW_USERS


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedUser:
    """A person as a list shows them. ``tags`` are pairs of name and colour, ``invitation`` is there for the pending."""

    id: int
    name: str
    email: str
    phone: str
    role_id: int
    role: str
    organization: str
    location: str
    status: Status
    device_count: int
    created_at: dt.datetime
    last_sign_in_at: dt.datetime | None
    tags: Sequence[tuple[str, int]]
    invitation: Invitation | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedPage:
    """One page, the keys of its first and last row, and how many there are in all (``capped``: at least so many)."""

    people: Sequence[ListedUser]
    page: directory.Page
    count: int
    capped: bool


def reach_of(actor: Actor, *, here_only: bool) -> Listing:
    """Everybody whom the actor may see: here only or with all below. Raises `Denied` without the right."""
    grants = [grant for grant in grants_of(actor) if VIEW_USERS.code in grant.permissions]
    if not grants:
        raise Denied("permission_missing")
    listing = Listing(tenant_id=actor.tenant_id)
    if here_only:
        return replace(listing, homes=tuple(_key(grant) for grant in grants))
    if any(_is_tenant(grant) for grant in grants):
        return listing
    return replace(listing, branches=tuple(grant.path for grant in grants))


def users_listed(listing: Listing) -> ListedPage:
    """One page of the listing. Two statements for the rows whatever their number, one to four for which they are."""
    began = time.perf_counter()
    with connection.cursor() as cursor:
        page = directory.page(cursor, listing)
        count, capped = directory.count(cursor, listing)
    people = _rows(page.ids)
    SEARCHES.labels(what="users").observe(time.perf_counter() - began)
    return ListedPage(people=people, page=page, count=count, capped=capped)


_COLUMNS = (
    *("id", "name", "email", "phone", "role_id", "role__name", "organization__name", "location__name"),
    *("state", "device_count", "created_at", "last_sign_in_at"),
)


def _rows(ids: Sequence[int]) -> list[ListedUser]:
    now = timezone.now()
    found = {row[0]: row for row in User.objects.filter(pk__in=ids).values_list(*_COLUMNS)}
    tags = defaultdict(list)
    for user_id, name, colour in (
        UserTag.objects.filter(user__in=ids).order_by("tag__name").values_list("user_id", "tag__name", "tag__colour")
    ):
        tags[user_id].append((name, colour))
    invitations = {
        invitation.user_id: invitation
        for invitation in Invitation.objects.filter(user__in=ids, accepted_at__isnull=True).only(
            *("user_id", "sent_at", "opened_at", "expires_at", "revoked_at", "accepted_at")
        )
    }
    return [
        ListedUser(
            id=key,
            name=name or email,
            email=email,
            phone=phone,
            role_id=role_id,
            role=role,
            organization=organization,
            location=location or "",
            status=status_of(state, last_sign_in_at, now=now),
            device_count=device_count,
            created_at=created_at,
            last_sign_in_at=last_sign_in_at,
            tags=tags[key],
            invitation=invitations.get(key),
        )
        for (
            key,
            name,
            email,
            phone,
            role_id,
            role,
            organization,
            location,
            state,
            device_count,
            created_at,
            last_sign_in_at,
        ) in (found[key] for key in ids if key in found)
    ]


def _key(grant: Grant) -> int:
    """The organization at which a grant stands: the last key of its path."""
    return int(grant.path.rstrip(".").rpartition(".")[2])


def _is_tenant(grant: Grant) -> bool:
    return grant.path.count(".") == 1
