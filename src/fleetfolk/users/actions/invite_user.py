"""Invite a person into an organization."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.gate import GATE
from fleetfolk.access.models import Role
from fleetfolk.access.models_switches import held_anywhere
from fleetfolk.access.strength import is_strong
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations import limits
from fleetfolk.organizations.archived import require_open
from fleetfolk.organizations.models import Location, Organization
from fleetfolk.users.actions.taken_address import address_taken, refused_when_taken, require_addable
from fleetfolk.users.models import INVITATION_LASTS, Invitation, User
from fleetfolk.users.permissions import INVITE_USERS


@dataclass(frozen=True, kw_only=True, slots=True)
class InviteUserInput:
    """``email`` is a checked, lower-case address; ``phone`` E.164 or empty."""

    first_name: str
    last_name: str
    email: str
    role_id: int
    phone: str = ""
    location_id: int | None = None
    language: str = ""
    time_zone: str = ""


class InviteUser(Action[Organization, InviteUserInput]):
    """There is a pending person in the organization, and a mail with a link is on its way to them.

    Whether the address has an account elsewhere changes nothing that the inviter sees: only the mail differs.
    """

    code = "user.invite"
    label = _("Invite user")
    said = _("invited %(target)s")
    permission = INVITE_USERS
    target_model = "organizations.Organization"
    input_type = InviteUserInput

    def risk_of(self, *, target: Organization, data: InviteUserInput) -> Risk:
        """Who invites into a strong role shows first that it is them."""
        return risk_of_role(target.tenant_id, data.role_id)

    def check(self, *, actor: Actor, target: Organization, data: InviteUserInput) -> None:
        """Refuses an address that this organization has already, a location of another one, and more than the plan."""
        self._role = GATE.require_giveable(actor, INVITE_USERS, target, data.role_id)
        require_open(target)
        if User.objects.filter(tenant_id=target.tenant_id, organization=target, email=data.email).exists():
            raise address_taken(data.email, target)
        require_addable(data.email, target)
        require_location(target, data.location_id)
        require_seat(target.tenant_id)

    def apply(self, *, actor: Actor, target: Organization, data: InviteUserInput) -> Outcome[User]:  # type: ignore[override]
        """Creates the person and the invitation, and queues the mail."""
        user = invite_into(target, data, by=actor)
        return Outcome(target=user, facts={"email": user.email, "role": self._role.name})


def require_seat(tenant_id: int) -> None:
    """Refuses one person more than the tenant's plan allows, and one invitation more within a day."""
    limits.require_each(tenant_id, ("users", "invitations"))


def risk_of_role(tenant_id: int, role_id: int) -> Risk:
    """What it means that somebody gets this role."""
    role = Role.objects.filter(tenant_id=tenant_id, pk=role_id).first()
    return Risk.SENSITIVE if role is not None and is_strong(held_anywhere(role)) else Risk.ORDINARY


def invite_into(organization: Organization, data: InviteUserInput, *, by: Actor) -> User:
    """There is a pending person in the organization with an invitation whose mail is queued.

    Called inside an Action that has asked whether the actor may: this does not. Refuses an address that somebody else
    added to the organization a moment ago.
    """
    now = clock.now()
    user = User(
        tenant_id=organization.tenant_id,
        organization=organization,
        role_id=data.role_id,
        location_id=data.location_id,
        first_name=data.first_name,
        last_name=data.last_name,
        email=data.email,
        phone=data.phone,
        language=data.language,
        time_zone=data.time_zone,
        created_at=now,
    )
    user.set_unusable_password()
    with refused_when_taken(data.email, organization):
        user.save(force_insert=True)
    invitation = Invitation.objects.create(
        tenant_id=organization.tenant_id,
        user=user,
        email=user.email,
        role_id_bound=user.role_id,
        organization_id_bound=organization.pk,
        invited_by_id=by.id,
        invited_by_label=by.label,
        created_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    enqueue("users.send_invitation", invitation_id=invitation.pk, tenant_id=organization.tenant_id)
    return user


def require_location(organization: Organization, location_id: int | None) -> None:
    """Refuses a location that is not of the organization."""
    if location_id is None:
        return
    mine = Location.objects.filter(tenant_id=organization.tenant_id, organization=organization, pk=location_id)
    if not mine.exists():
        raise Refused("location_elsewhere")
