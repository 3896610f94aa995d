"""Give somebody who never signed in the address that their directory has now."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.gate import GATE
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome, changes_between
from fleetfolk.scim.models import ScimClient
from fleetfolk.scim.rights import require_directory
from fleetfolk.users.actions.send_invitation import renew_open_invitation
from fleetfolk.users.actions.taken_address import address_taken, refused_when_taken, require_addable
from fleetfolk.users.models import State, User
from fleetfolk.users.permissions import INVITE_USERS, MANAGE_CREDENTIALS


@dataclass(frozen=True, kw_only=True, slots=True)
class AddressInput:
    """A checked, lower-case address."""

    client_id: int
    email: str


class AssignAddress(Action[User, AddressInput]):
    """The person has the address; an open invitation goes there, and the link of the one before is void.

    Whoever has an account confirms a new address themselves (`user.email.edit`): nobody takes it over by a directory.
    """

    code = "scim.address.assign"
    label = _("Take over a directory's address for somebody")
    said = _("took over the address of %(target)s from the directory")
    permission = MANAGE_CREDENTIALS
    target_model = "users.User"
    input_type = AddressInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: User, data: AddressInput) -> None:
        """Denies whoever is not this directory, and a role too strong to give; refuses accounts and taken addresses."""
        require_directory(actor, data.client_id)
        client = ScimClient.objects.get(pk=data.client_id)
        if target.organization_id != client.organization_id:
            raise Refused("scim_elsewhere")
        if not client.changes_addresses or target.activated_at is not None:
            raise Refused("scim_address_stays")
        GATE.require_giveable(actor, INVITE_USERS, target.organization, target.role_id)
        same = User.objects.filter(organization=target.organization_id, email=data.email).exclude(pk=target.pk)
        if same.exists():
            raise address_taken(data.email, target.organization)
        require_addable(data.email, target.organization)

    def apply(self, *, actor: Actor, target: User, data: AddressInput) -> Outcome[User]:
        """Changes the address."""
        changes = changes_between(target, {"email": data.email})
        target.email = data.email
        with refused_when_taken(data.email, target.organization):
            target.save(update_fields=["email"])
        if target.state == State.PENDING:
            renew_open_invitation(target, actor)
        return Outcome(target=target, changes=changes)
