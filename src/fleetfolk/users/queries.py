"""What dialogs and the page of one person show. The actor comes first, and what they may not see is not there."""

import functools
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.db.models import QuerySet

from fleetfolk.access.gate import GATE, Decision
from fleetfolk.access.grants import Grant, grants_of
from fleetfolk.access.models import Role
from fleetfolk.console.marking import folded
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import TargetNotFound
from fleetfolk.kernel.joined import Joined
from fleetfolk.kernel.perform import LARGEST_KEY
from fleetfolk.kernel.permissions import Permission
from fleetfolk.kernel.statements import planned_once
from fleetfolk.organizations.models import Location, Organization, Tag
from fleetfolk.organizations.queries import upwards
from fleetfolk.users.models import Invitation, State, User, UserTag
from fleetfolk.users.permissions import DEACTIVATE_USERS, INVITE_USERS, VIEW_USERS

ORGANIZATIONS_OFFERED = 7
"""So many organizations are offered at once; more are found by typing."""


_PERSON = Joined(person=User, role=Role, home=Organization, root=Organization, place=Location, invitation=Invitation)
_AT_HAND = Joined(person=User, role=Role, home=Organization)
_CARRIED = Joined(given=UserTag, tag=Tag)


def user_detail(actor: Actor, user_id: int, *, grants: Sequence[Grant] | None = None) -> User:
    """The person with everything that their page and dialogs show. Raises `TargetNotFound` for who is not to be seen.

    Every page about one person asks it, so it is two statements that are put together once. Lazy loading is blocked:
    what is not asked for here is a defect there.
    """
    person = _person(actor.tenant_id, user_id) if user_id <= LARGEST_KEY else None
    if person is None or not GATE.decide(actor, VIEW_USERS, person, grants=grants).allowed:
        raise TargetNotFound
    if person.state == State.DEACTIVATED:
        _require_shown(actor, person, grants)
    return person


def _person(tenant_id: int, user_id: int) -> User | None:
    """Somebody of the tenant with role, home, its root, location, invitation and tags."""
    with planned_once() as cursor:
        cursor.execute(_person_statement(), [user_id, tenant_id])
        row = cursor.fetchone()
        if row is None:
            return None
        cursor.execute(_carried_statement(), [user_id])
        carried = cursor.fetchall()
    person: User
    person, role, home, root, location, invitation = _PERSON.made(row, fetch_mode=models.FETCH_RAISE)
    home.tenant = root
    person.organization, person.role, person.location = home, role, location
    person.session_seen_at = row[_PERSON.width]  # type: ignore[attr-defined]
    # What a prefetch leaves: the tags as the answer of their manager, and the invitation, or that there is none.
    tags = person.user_tags.all()
    tags._result_cache = [_given(person, row) for row in carried]
    person._prefetched_objects_cache = {"user_tags": tags}  # type: ignore[attr-defined]
    person._state.fields_cache["invitation"] = invitation
    if invitation is not None:
        invitation.user = person
    return person


def _given(person: User, row: Sequence[Any]) -> UserTag:
    given: UserTag
    given, tag = _CARRIED.made(row, fetch_mode=models.FETCH_RAISE)
    given.user, given.tag = person, tag
    return given


@functools.cache
def _person_statement() -> str:
    return (
        f"SELECT {_PERSON.columns},"  # noqa: S608
        " (SELECT max(seen.last_seen_at) FROM usersessions_usersession seen WHERE seen.user_id = person.id)"
        " FROM users_user person JOIN access_role role ON role.id = person.role_id"
        " JOIN organizations_organization home ON home.id = person.organization_id"
        " JOIN organizations_organization root ON root.id = home.tenant_id"
        " LEFT JOIN organizations_location place ON place.id = person.location_id"
        " LEFT JOIN users_invitation invitation ON invitation.user_id = person.id"
        " WHERE person.id = %s AND person.tenant_id = %s"
    )


@functools.cache
def _carried_statement() -> str:
    return (
        f"SELECT {_CARRIED.columns} FROM users_usertag given JOIN organizations_tag tag ON tag.id = given.tag_id"  # noqa: S608
        " WHERE given.user_id = %s ORDER BY tag.name"
    )


def people_at_hand(tenant_id: int, keys: Sequence[int]) -> list[User]:
    """People of the tenant with role and home, by which the gate decides, and when a session of theirs was last used.

    Whether they are to be seen is not asked.
    """
    with planned_once() as cursor:
        cursor.execute(_at_hand_statement(), [list(keys), tenant_id])
        rows = cursor.fetchall()
    people = []
    for row in rows:
        person, role, home = _AT_HAND.made(row, fetch_mode=models.FETCH_RAISE)
        person.role, person.organization, person.session_seen_at = role, home, row[_AT_HAND.width]
        people.append(person)
    return people


@functools.cache
def _at_hand_statement() -> str:
    return (
        f"SELECT {_AT_HAND.columns},"  # noqa: S608
        " (SELECT max(seen.last_seen_at) FROM usersessions_usersession seen WHERE seen.user_id = person.id)"
        " FROM unnest(%s::bigint[]) AS wanted (id) JOIN users_user person ON person.id = wanted.id"
        " JOIN access_role role ON role.id = person.role_id"
        " JOIN organizations_organization home ON home.id = person.organization_id"
        " WHERE person.tenant_id = %s"
    )


def _require_shown(actor: Actor, person: User, grants: Sequence[Grant] | None) -> None:
    """Who is deactivated is there for those alone who can activate them again."""
    if not GATE.decide(actor, DEACTIVATE_USERS, person, grants=grants).allowed:
        raise TargetNotFound


def invitation_of(person: User) -> Invitation | None:
    """The person's invitation, which `user_detail` has fetched; somebody imported may have none."""
    return getattr(person, "invitation", None)


def decisions_on(
    actor: Actor, person: User, permissions: Iterable[Permission], *, grants: Sequence[Grant] | None = None
) -> dict[str, Decision]:
    """For each permission's code, whether the actor may do it to the person, and why (not). One query."""
    grants = grants_of(actor) if grants is None else grants
    return {
        permission.code: GATE.decide(actor, permission, person, grants=grants)
        for permission in permissions
        if not permission.inherent
    }


def giveable_roles(actor: Actor, permission: Permission, organization: Organization) -> list[Role]:
    """The roles that the actor may give in the organization, in their order."""
    return list(GATE.giveable_roles(actor, permission, organization))


def locations_of(organization: Organization) -> QuerySet[Location]:
    """The organization's own locations by name."""
    return Location.objects.filter(tenant_id=organization.tenant_id, organization=organization).order_by("name")


def organizations_to_invite_to(actor: Actor) -> QuerySet[Organization]:
    """Where the actor may invite people."""
    return GATE.within_reach(
        Organization.objects.select_related("parent", "tenant"), actor=actor, permission=INVITE_USERS
    )


def organizations_matching(actor: Actor, query: str, *, besides: int) -> list[Organization]:
    """The first few organizations, by name, where the actor may invite people and whose name has every word typed."""
    found = organizations_to_invite_to(actor).exclude(pk=besides)
    for word in query.split()[:4]:
        found = found.filter(name__icontains=word)
    return list(found.order_by("name", "pk")[:ORGANIZATIONS_OFFERED])


def usable_tags(person: User, words: Sequence[str]) -> list[Tag]:
    """The tags of the person's organization and those above it whose names have every folded word, by name."""
    tags = Tag.objects.filter(tenant_id=person.tenant_id, organization__in=upwards(person.organization))
    return [tag for tag in tags.order_by("name", "pk") if all(word in folded(tag.name) for word in words)]
