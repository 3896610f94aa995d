"""Add a person whom a directory names, without a mail."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.gate import GATE
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations import limits
from fleetfolk.organizations.archived import require_open
from fleetfolk.organizations.models import Organization
from fleetfolk.scim.rights import require_directory
from fleetfolk.users.actions.invite_user import InviteUserInput, risk_of_role
from fleetfolk.users.actions.taken_address import address_taken, refused_when_taken, require_addable
from fleetfolk.users.models import User
from fleetfolk.users.permissions import INVITE_USERS


class CreateScimUser(Action[Organization, InviteUserInput]):
    """There is a pending person in the organization, and no mail. They get in once somebody invites them."""

    code = "scim.user.create"
    label = _("Add user from a directory")
    said = _("added %(target)s without an invitation")
    permission = INVITE_USERS
    target_model = "organizations.Organization"
    input_type = InviteUserInput

    def risk_of(self, *, target: Organization, data: InviteUserInput) -> Risk:
        """As of an invitation."""
        return risk_of_role(target.tenant_id, data.role_id)

    def check(self, *, actor: Actor, target: Organization, data: InviteUserInput) -> None:
        """Asks all that an invitation asks, but for how many mails go out in a day."""
        require_directory(actor)
        GATE.require_giveable(actor, INVITE_USERS, target, data.role_id)
        require_open(target)
        if User.objects.filter(tenant_id=target.tenant_id, organization=target, email=data.email).exists():
            raise address_taken(data.email, target)
        require_addable(data.email, target)
        limits.require(target.tenant_id, "users")

    def apply(self, *, actor: Actor, target: Organization, data: InviteUserInput) -> Outcome[User]:  # type: ignore[override]
        """Creates the person."""
        user = User(
            tenant_id=target.tenant_id,
            organization=target,
            role_id=data.role_id,
            first_name=data.first_name,
            last_name=data.last_name,
            email=data.email,
            phone=data.phone,
            language=data.language,
            created_at=clock.now(),
        )
        user.set_unusable_password()
        with refused_when_taken(data.email, target):
            user.save(force_insert=True)
        return Outcome(target=user, facts={"email": user.email, "role": user.role.name})
