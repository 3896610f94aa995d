"""Delete a person's account, restorable for a while."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.last_admin import keep_an_admin
from fleetfolk.users.actions.no_input import ReasonInput
from fleetfolk.users.models import RESTORABLE_FOR, Invitation, State, User
from fleetfolk.users.permissions import DELETE_USERS


class DeleteUser(Action[User, ReasonInput]):
    """The person is out at once; the account can be restored for seven days and is then erased."""

    code = "user.delete"
    label = _("Delete user")
    said = _("deleted %(target)s")
    permission = DELETE_USERS
    target_model = "users.User"
    input_type = ReasonInput
    risk = Risk.IRREVERSIBLE
    personal_facts = frozenset({"reason"})

    def check(self, *, actor: Actor, target: User, data: ReasonInput) -> None:
        """Refuses oneself, the last Admin, and whoever is deleted already."""
        if actor.user_id == target.pk:
            raise Refused("own_account_stays")
        if target.state == State.DELETION_PENDING:
            raise Refused("already", name=str(target), status=str(target.status.label))
        keep_an_admin(target)

    def apply(self, *, actor: Actor, target: User, data: ReasonInput) -> Outcome[User]:
        """Starts the grace period."""
        target.deletion_requested_at = clock.now()
        target.session_epoch += 1
        target.save(update_fields=["deletion_requested_at", "session_epoch"])
        Invitation.objects.filter(user=target, accepted_at__isnull=True).update(
            revoked_at=target.deletion_requested_at, secret_hash=""
        )
        erased_at = target.deletion_requested_at + RESTORABLE_FOR
        return Outcome(target=target, facts={"reason": data.reason, "erased_after": erased_at.isoformat()})
