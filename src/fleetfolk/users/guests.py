"""Guests and partners as people may see them, and the rules that several Actions share."""

import datetime as dt
from typing import Final

from django.db.models import Q, QuerySet

from fleetfolk.access.gate import GATE
from fleetfolk.access.models import Role
from fleetfolk.access.models_guests import Membership, Partnership
from fleetfolk.access.permissions import EDIT_PARTNERS, INVITE_GUESTS, VIEW_GUESTS, VIEW_PARTNERS
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.organizations.models import Organization, OrganizationKind
from fleetfolk.organizations.permissions import VIEW_ORGANIZATIONS
from fleetfolk.users.models import User

LONGEST_STAY: Final = dt.timedelta(days=366 * 5)

PARTNER_KINDS: Final = (
    OrganizationKind.DISTRIBUTOR,
    OrganizationKind.RESELLER,
    OrganizationKind.CONTRACTOR,
    OrganizationKind.INSTALLER,
)
"""The organizations that everybody of the tenant may find, to let them in: working for others is what they are for."""


def require_end(ends_at: dt.datetime | None) -> None:
    """Refuses an end that has come already, and one that nobody means."""
    if ends_at is not None and not clock.now() < ends_at <= clock.now() + LONGEST_STAY:
        raise Refused("guest_end")


def guests_in_reach(actor: Actor) -> QuerySet[Membership]:
    """The guests of the organizations in which the actor may see them, those that were invited and are over, too."""
    rows = Membership.objects.select_related("organization", "role", "user")
    return GATE.within_reach(rows, actor=actor, permission=VIEW_GUESTS)


def partners_in_reach(actor: Actor) -> QuerySet[Partnership]:
    """The partners of the organizations in which the actor may see them."""
    places = GATE.within_reach(Organization.objects.all(), actor=actor, permission=VIEW_PARTNERS)
    rows = Partnership.objects.select_related("client", "partner")
    return rows.filter(tenant_id=actor.tenant_id, client__in=places)


def clients_of(person: User) -> QuerySet[Partnership]:
    """Who has let the person's organization in."""
    rows = Partnership.objects.select_related("client", "partner")
    return rows.filter(tenant_id=person.tenant_id, partner_id=person.organization_id, client__archived_at=None)


def findable_partners(actor: Actor) -> QuerySet[Organization]:
    """The organizations that the actor can let in: those whose trade it is, and those that the actor sees anyway."""
    seen = GATE.within_reach(Organization.objects.all(), actor=actor, permission=VIEW_ORGANIZATIONS)
    rows = Organization.objects.filter(tenant_id=actor.tenant_id, archived_at=None)
    return rows.filter(Q(kind__in=PARTNER_KINDS) | Q(pk__in=seen.values("pk")))


def hosts(actor: Actor) -> QuerySet[Organization]:
    """The organizations into which the actor may invite guests."""
    rows = Organization.objects.filter(archived_at=None)
    return GATE.within_reach(rows, actor=actor, permission=INVITE_GUESTS)


def may_let_in(actor: Actor) -> QuerySet[Organization]:
    """The organizations in whose name the actor may let partners in."""
    rows = Organization.objects.filter(archived_at=None)
    return GATE.within_reach(rows, actor=actor, permission=EDIT_PARTNERS)


def giveable_to_guests(actor: Actor, organization: Organization) -> QuerySet[Role]:
    """The roles that the actor may give guests there."""
    return GATE.giveable_roles(actor, INVITE_GUESTS, organization)


def own_memberships(person: User) -> QuerySet[Membership]:
    """Where the person is a guest now."""
    rows = Membership.live().select_related("organization", "role")
    return rows.filter(user=person, tenant_id=person.tenant_id, organization__archived_at=None)


def own_invitations(person: User) -> QuerySet[Membership]:
    """Where the person's address is invited as a guest, and not yet over."""
    rows = Membership.objects.select_related("organization", "role")
    waiting = rows.filter(tenant_id=person.tenant_id, email=person.email, accepted_at=None)
    return waiting.exclude(ends_at__lte=clock.now()).exclude(organization_id=person.organization_id)
