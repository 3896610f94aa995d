"""The rows of the Organizations page: what the viewer may see of the tree, one page of it, with its numbers."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import grants_of
from fleetfolk.console.listed import Source
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.statements import planned_once
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.permissions import VIEW_ORGANIZATIONS
from fleetfolk.organizations.queries import highest
from fleetfolk.tree import directory
from fleetfolk.tree.directory import COUNT_CAP, Listing, path_ids


@dataclass(frozen=True, kw_only=True, slots=True)
class Number:
    """How many; ``capped``: at least so many."""

    count: int
    capped: bool

    @property
    def said(self) -> int | str:
        """The number alone, or at least how many."""
        return f"{self.count}+" if self.capped else self.count


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedOrganization:
    """An organization as a list shows it. ``above`` are the names of those above it, from the root down."""

    id: int
    name: str
    kind: str
    path: str
    above: Sequence[str]
    created_at: dt.datetime
    archived_at: dt.datetime | None
    users: Number
    devices: Number
    below: Number

    @property
    def depth(self) -> int:
        """Levels from the root, which is 1."""
        return self.path.count(".")

    def seen_above(self, tops: Collection[int]) -> Sequence[str]:
        """The names of those above it that whoever sees the tree from these keys down may know of."""
        keys = path_ids(self.path)
        return self.above[next(place for place, key in enumerate(keys) if key in tops) :]


def reach_of(actor: Actor) -> Listing:
    """The organizations that the actor may see: their own and all below. Raises `Denied` without the right."""
    paths = GATE.paths_within_reach(actor, VIEW_ORGANIZATIONS, grants_of(actor))
    if not paths:
        raise Denied("permission_missing")
    whole = any(path.count(".") == 1 for path in paths)
    tops = highest(paths)
    return Listing(
        tenant_id=actor.tenant_id,
        branches=None if whole else tuple(tops),
        tops=tuple(path_ids(path)[-1] for path in tops),
        viewer=actor.user_id,
    )


def branches_open(listing: Listing, asked: Sequence[int]) -> tuple[int, ...]:
    """Those below which a tree shows what is there: the tops, and of the asked ones all that are seen themselves."""
    known = Organization.objects.filter(tenant_id=listing.tenant_id, pk__in=list(asked)).values_list("pk", "path")
    return directory.opened(list(known), listing.tops)


def _rows(ids: Sequence[int]) -> list[ListedOrganization]:
    """The organizations with these keys, in this order, without those that are gone meanwhile."""
    if not ids:
        return []
    with planned_once() as cursor:
        cursor.execute(directory.ROWS, [list(ids)])
        rows = cursor.fetchall()
    return [
        ListedOrganization(
            id=key,
            name=name,
            kind=kind,
            path=path,
            above=above,
            created_at=created_at,
            archived_at=archived_at,
            users=_number(users),
            devices=_number(devices),
            below=_number(below),
        )
        for key, name, kind, path, created_at, archived_at, above, users, devices, below in rows
    ]


def _number(count: int) -> Number:
    return Number(count=min(count, COUNT_CAP), capped=count > COUNT_CAP)


def organizations_with(ids: Sequence[int]) -> list[ListedOrganization]:
    """The organizations with these keys, in this order. Whether the viewer may see them is the caller's to ask."""
    return _rows(ids)


def numbers_of(organization: Organization) -> ListedOrganization:
    """One organization with its numbers. Whether the viewer may see it is the caller's to ask."""
    return _rows([organization.pk])[0]


_SOURCE = Source(name="organizations", page=directory.page, count=directory.count, rows=_rows)
organizations_listed = _SOURCE.listed
"""One page of the organizations of a `directory.Listing`."""
organizations_counted = _SOURCE.counted
"""How many it has on all its pages."""
