"""Invite somebody who has an account elsewhere as a guest."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.gate import GATE
from fleetfolk.access.models_guests import Membership
from fleetfolk.access.permissions import INVITE_GUESTS
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations import limits
from fleetfolk.organizations.models import Organization
from fleetfolk.users.actions.invite_user import risk_of_role
from fleetfolk.users.actions.taken_address import address_taken, require_addable
from fleetfolk.users.guests import require_end
from fleetfolk.users.models import User


@dataclass(frozen=True, kw_only=True, slots=True)
class InviteGuestInput:
    """``email`` is a checked, lower-case address; without an end the guest stays until somebody ends it."""

    email: str
    role_id: int
    ends_at: dt.datetime | None = None


class InviteGuest(Action[Organization, InviteGuestInput]):
    """The address is invited as a guest; whoever has it and an account in the tenant can accept, and nobody else.

    Whether there is such an account changes nothing that the inviter sees.
    """

    code = "guest.invite"
    label = _("Invite guest")
    said = _("invited a guest to %(target)s")
    permission = INVITE_GUESTS
    target_model = "organizations.Organization"
    input_type = InviteGuestInput
    personal_facts = frozenset({"email"})

    def risk_of(self, *, target: Organization, data: InviteGuestInput) -> Risk:
        """Who invites into a strong role shows first that it is them."""
        return risk_of_role(target.tenant_id, data.role_id)

    def check(self, *, actor: Actor, target: Organization, data: InviteGuestInput) -> None:
        """Refuses whoever is at home there or a guest already, an end in the past, and more than the plan allows."""
        GATE.require_giveable(actor, INVITE_GUESTS, target, data.role_id)
        require_end(data.ends_at)
        if User.objects.filter(tenant_id=target.tenant_id, organization=target, email=data.email).exists():
            raise address_taken(data.email, target)
        require_addable(data.email, target)
        if Membership.live().filter(organization=target, user__email=data.email).exists():
            raise Refused("guest_already", email=data.email, organization=target.name)
        limits.require(target.tenant_id, "invitations")

    def apply(self, *, actor: Actor, target: Organization, data: InviteGuestInput) -> Outcome[Organization]:
        """Keeps the invitation, in place of one that waits, and queues the mail."""
        guest, _made = Membership.objects.update_or_create(
            organization=target,
            email=data.email,
            accepted_at=None,
            defaults={
                "tenant_id": target.tenant_id,
                "role_id": data.role_id,
                "ends_at": data.ends_at,
                "created_at": clock.now(),
                "invited_by_id": actor.user_id or 0,
                "invited_by_label": actor.label,
            },
        )
        enqueue("users.send_guest_invitation", membership_id=guest.pk, tenant_id=target.tenant_id)
        until = data.ends_at.isoformat() if data.ends_at else ""
        return Outcome(target=target, facts={"email": data.email, "role": guest.role.name, "until": until})
