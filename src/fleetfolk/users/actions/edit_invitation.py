"""Correct the address of a pending invitation."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome, changes_between
from fleetfolk.users.actions.invite_user import risk_of_role
from fleetfolk.users.actions.send_invitation import renew_invitation, require_invitable
from fleetfolk.users.actions.taken_address import address_taken, refused_when_taken, require_addable
from fleetfolk.users.models import User
from fleetfolk.users.permissions import INVITE_USERS


@dataclass(frozen=True, kw_only=True, slots=True)
class EditInvitationInput:
    """A checked, lower-case address."""

    email: str


class EditInvitation(Action[User, EditInvitationInput]):
    """The pending person has another address; a new mail goes there and the old link is void."""

    code = "user.invitation.edit"
    label = _("Correct invitation address")
    said = _("corrected the address of %(target)s")
    permission = INVITE_USERS
    target_model = "users.User"
    input_type = EditInvitationInput

    def risk_of(self, *, target: User, data: EditInvitationInput) -> Risk:
        """Another address is another person: with a strong role it is as if they were invited."""
        return risk_of_role(target.tenant_id, target.role_id)

    def check(self, *, actor: Actor, target: User, data: EditInvitationInput) -> None:
        """Refuses for whoever is not pending and an address that is there already; denies a role too strong to give."""
        require_invitable(actor, target)
        same = User.objects.filter(organization=target.organization_id, email=data.email).exclude(pk=target.pk)
        if same.exists():
            raise address_taken(data.email, target.organization)
        require_addable(data.email, target.organization)

    def apply(self, *, actor: Actor, target: User, data: EditInvitationInput) -> Outcome[User]:
        """Changes the address and sends anew."""
        changes = changes_between(target, {"email": data.email})
        target.email = data.email
        with refused_when_taken(data.email, target.organization):
            target.save(update_fields=["email"])
        renew_invitation(target, actor)
        return Outcome(target=target, changes=changes)
