"""What dialogs and the page of one person show. The actor comes first, and what they may not see is not there."""

from collections.abc import Iterable, Sequence

from allauth.usersessions.models import UserSession
from django.db import models
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from fleetfolk.access.gate import GATE, Decision, Grant, grants_of
from fleetfolk.access.models import Role
from fleetfolk.console.marking import folded
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import TargetNotFound
from fleetfolk.kernel.permissions import Permission
from fleetfolk.organizations.models import Location, Organization, Tag
from fleetfolk.organizations.queries import upwards
from fleetfolk.users.models import Invitation, State, User, UserTag
from fleetfolk.users.permissions import DEACTIVATE_USERS, INVITE_USERS, VIEW_USERS

ORGANIZATIONS_OFFERED = 7
"""So many organizations are offered at once; more are found by typing."""


_LATEST_SESSION = UserSession.objects.filter(user=OuterRef("pk")).order_by("-last_seen_at")


def user_detail(actor: Actor, user_id: int, *, grants: Sequence[Grant] | None = None) -> User:
    """The person with everything that their page and dialogs show. Raises `TargetNotFound` for who is not to be seen.

    Lazy loading is blocked: what is not asked for here is a defect there.
    """
    people = (
        User.objects.select_related("organization__tenant", "role", "location")
        .prefetch_related(
            Prefetch("invitation", Invitation.objects.all()),
            Prefetch("user_tags", UserTag.objects.select_related("tag").order_by("tag__name")),
        )
        .annotate(session_seen_at=Subquery(_LATEST_SESSION.values("last_seen_at")[:1]))
        .fetch_mode(models.FETCH_RAISE)
    )
    seen = GATE.within_reach(people, actor=actor, permission=VIEW_USERS, grants=grants)
    person = seen.filter(pk=user_id).first()
    if person is None:
        raise TargetNotFound
    if person.state == State.DEACTIVATED:
        _require_shown(actor, person, grants)
    return person


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
