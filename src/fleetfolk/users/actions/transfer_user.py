"""Move a person to another organization of the tenant."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.gate import GATE
from fleetfolk.access.models import BuiltinRole
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.organizations.archived import require_open
from fleetfolk.users.actions.last_admin import keep_an_admin
from fleetfolk.users.actions.send_invitation import renew_open_invitation
from fleetfolk.users.actions.taken_address import address_taken, refused_when_taken
from fleetfolk.users.mail import notify
from fleetfolk.users.models import State, User
from fleetfolk.users.open_sessions import end_open_sessions
from fleetfolk.users.permissions import TRANSFER_USERS, VIEW_USERS


@dataclass(frozen=True, kw_only=True, slots=True)
class TransferUserInput:
    """The address of an Admin of the destination, the role that the person gets there, and whether devices follow."""

    admin_email: str
    role_id: int
    with_devices: bool = False


class TransferUser(Action[User, TransferUserInput]):
    """The person's home is the Admin's organization, with the given role; both are told by mail."""

    code = "user.transfer"
    label = _("Transfer user")
    said = _("transferred %(target)s")
    permission = TRANSFER_USERS
    target_model = "users.User"
    input_type = TransferUserInput
    risk = Risk.SENSITIVE
    moves_target = True
    personal_facts = frozenset({"administrator"})

    def check(self, *, actor: Actor, target: User, data: TransferUserInput) -> None:
        """Refuses an address that is no Admin's within reach, the last Admin, oneself, and too strong a role."""
        admin = destination_admin(actor, data.admin_email)
        if admin is None or admin.organization_id == target.organization_id:
            raise Refused("transfer_admin")
        if actor.user_id == target.pk:
            raise Refused("own_account_stays")
        if target.state not in (State.ACTIVE, State.PENDING):
            raise Refused("user_inactive", name=str(target), status=str(target.status.label))
        GATE.require_giveable(actor, TRANSFER_USERS, admin.organization, data.role_id)
        require_open(admin.organization)
        keep_an_admin(target)
        if User.objects.filter(organization=admin.organization_id, email=target.email).exists():
            raise address_taken(target.email, admin.organization)
        self._admin = admin

    def apply(self, *, actor: Actor, target: User, data: TransferUserInput) -> Outcome[User]:
        """Moves the person; their location and a developer's place of the plan stay behind."""
        admin = self._admin
        before = (target.organization.name, target.role.name, target.location.name if target.location else None)
        target.organization = admin.organization
        target.role_id = data.role_id
        target.location = None
        target.developer = None
        end_open_sessions(target)
        with refused_when_taken(target.email, admin.organization):
            target.save(update_fields=["organization", "role", "location", "developer", "session_epoch"])
        target.refresh_from_db()
        if target.state == State.PENDING:
            renew_open_invitation(target, actor)
        notify(target, "transferred", organization=admin.organization.name, by=actor.label)
        notify(admin, "received", person=str(target), organization=before[0], by=actor.label)
        changes = [
            Change("organization", before[0], target.organization.name),
            Change("role", before[1], target.role.name),
            Change("location", before[2], None),
        ]
        return Outcome(
            target=target,
            changes=[change for change in changes if change.before != change.after],
            facts={"administrator": admin.email, "with_devices": data.with_devices},
        )


def destination_admin(actor: Actor, email: str) -> User | None:
    """The Admin with this address whom the actor may see. They may be stronger: to name is not to act on."""
    admins = User.objects.select_related("organization").filter(
        email=email.strip().lower(), role__builtin=BuiltinRole.ADMIN, is_active=True
    )
    return GATE.within_reach(admins, actor=actor, permission=VIEW_USERS).first()
