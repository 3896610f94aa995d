"""The rows of the Users page: whom the viewer may see, one page of them, with what the table shows."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import Grant, grants_of
from fleetfolk.console.directory.asked import BRANCHES
from fleetfolk.console.listed import Source
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.statements import planned_once
from fleetfolk.organizations.queries import keys_below
from fleetfolk.users import directory
from fleetfolk.users.developers import UserType, types_of
from fleetfolk.users.directory import Listing
from fleetfolk.users.models import Invitation, State, Status, User, status_of
from fleetfolk.users.permissions import DEACTIVATE_USERS, VIEW_USERS


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedUser:
    """A person as a list shows them. ``tags`` are pairs of name and colour, ``invitation`` is there for the pending.

    ``own`` is what the organization's own fields say that searches look into, by their names; ``type`` is there where
    it was asked for (`with_types`).
    """

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
    own: Mapping[str, str]
    type: UserType | None = None


def reach_of(
    actor: Actor,
    *,
    here_only: bool,
    statuses: Sequence[directory.Status] = (),
    grants: Sequence[Grant] | None = None,
) -> Listing:
    """Everybody whom the actor may see: here only or with all below. Raises `Denied` without the right.

    The deactivated are there for those alone who ask for that status and can activate people again. ``grants`` spares
    the look-up where they are known.
    """
    held = grants_of(actor) if grants is None else grants
    grants = [grant for grant in held if VIEW_USERS.code in grant.permissions]
    if not grants:
        raise Denied("permission_missing")
    if "deactivated" in statuses:
        able = [grant for grant in grants if DEACTIVATE_USERS.code in grant.permissions]
        statuses = statuses if able else [status for status in statuses if status != "deactivated"]
        if not statuses:
            return Listing(tenant_id=actor.tenant_id, branches=())
        grants = able or grants
    listing = Listing(tenant_id=actor.tenant_id, statuses=tuple(statuses))
    if here_only:
        return replace(listing, homes=tuple(_key(grant) for grant in grants))
    if any(_is_tenant(grant) for grant in grants):
        return listing
    paths = tuple(grant.path for grant in grants)
    if len(paths) > BRANCHES:
        return replace(listing, homes=keys_below(actor.tenant_id, paths))
    return replace(listing, branches=paths)


def users_with(actor: Actor, ids: Sequence[int]) -> list[ListedUser]:
    """Those of the people with these keys whom the actor may see, in this order. The deactivated are not among them."""
    shown = User.objects.filter(pk__in=list(ids)).exclude(state=State.DEACTIVATED)
    seen = set(GATE.within_reach(shown, actor=actor, permission=VIEW_USERS).values_list("pk", flat=True))
    return _rows([key for key in dict.fromkeys(ids) if key in seen])


def with_types(tenant_id: int, people: Sequence[ListedUser]) -> list[ListedUser]:
    """The people with their types."""
    known = types_of(tenant_id, [person.id for person in people])
    return [replace(person, type=known.get(person.id)) for person in people]


# One statement for everything that a row shows; what a plan for it could get wrong is little, for it begins with keys.
_ROWS = """
SELECT u.id, u.name, u.email, u.phone, u.role_id, role.name, home.name, coalesce(place.name, ''),
    u.state, u.device_count, u.created_at, u.last_sign_in_at,
    (SELECT array_agg(tag.name ORDER BY tag.name, tag.id)
     FROM users_usertag t JOIN organizations_tag tag ON tag.id = t.tag_id WHERE t.user_id = u.id),
    (SELECT array_agg(tag.colour ORDER BY tag.name, tag.id)
     FROM users_usertag t JOIN organizations_tag tag ON tag.id = t.tag_id WHERE t.user_id = u.id),
    CASE WHEN u.custom <> '{}' THEN
        (SELECT jsonb_object_agg(f.name, v.value)
         FROM jsonb_each_text(u.custom) v JOIN organizations_customfield f ON f.id = v.key::bigint
         WHERE f.searchable AND f.retired_at IS NULL AND f.organization_id = ANY(u.reach)) END,
    i.id, i.sent_at, i.opened_at, i.expires_at, i.revoked_at
FROM unnest(%s::bigint[]) WITH ORDINALITY AS wanted (id, place)
JOIN users_user u ON u.id = wanted.id
JOIN access_role role ON role.id = u.role_id
JOIN organizations_organization home ON home.id = u.organization_id
LEFT JOIN organizations_location place ON place.id = u.location_id
LEFT JOIN users_invitation i ON i.user_id = u.id AND i.accepted_at IS NULL
ORDER BY wanted.place
"""


def _rows(ids: Sequence[int]) -> list[ListedUser]:
    """The people with these keys, in this order, without those who are gone meanwhile."""
    if not ids:
        return []
    now = timezone.now()
    with planned_once() as cursor:
        cursor.execute(_ROWS, [list(ids)])
        rows = cursor.fetchall()
    return [
        ListedUser(
            id=key,
            name=name or email,
            email=email,
            phone=phone,
            role_id=role_id,
            role=role,
            organization=organization,
            location=location,
            status=status_of(state, last_sign_in_at, now=now),
            device_count=device_count,
            created_at=created_at,
            last_sign_in_at=last_sign_in_at,
            tags=tuple(zip(tags, colours, strict=True)) if tags else (),
            own=json.loads(own) if own else {},
            invitation=_invitation(invited) if invited[0] else None,
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
            tags,
            colours,
            own,
            *invited,
        ) in rows
    ]


_SOURCE = Source(name="users", page=directory.page, count=directory.count, rows=_rows)
users_listed = _SOURCE.listed
"""One page of the people of a `directory.Listing`."""
users_counted = _SOURCE.counted
"""How many people it has on all its pages."""


def _invitation(columns: Sequence[Any]) -> Invitation:
    """The open invitation, as far as a list shows it."""
    key, sent_at, opened_at, expires_at, revoked_at = columns
    return Invitation(id=key, sent_at=sent_at, opened_at=opened_at, expires_at=expires_at, revoked_at=revoked_at)


def _key(grant: Grant) -> int:
    """The organization at which a grant stands: the last key of its path."""
    return int(grant.path.rstrip(".").rpartition(".")[2])


def _is_tenant(grant: Grant) -> bool:
    return grant.path.count(".") == 1
