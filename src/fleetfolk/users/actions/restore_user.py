"""Restore a deleted person."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import State, User
from fleetfolk.users.permissions import DELETE_USERS


class RestoreUser(Action[User, NoInput]):
    """The account is as it was before it was deleted; its sessions stay ended."""

    code = "user.restore"
    label = _("Restore user")
    said = _("restored %(target)s")
    permission = DELETE_USERS
    target_model = "users.User"
    input_type = NoInput

    def check(self, *, actor: Actor, target: User, data: NoInput) -> None:
        """Refuses for whoever is not deleted."""
        if target.state != State.DELETION_PENDING:
            raise Refused("already", name=str(target), status=str(target.status.label))

    def apply(self, *, actor: Actor, target: User, data: NoInput) -> Outcome[User]:
        """Ends the grace period."""
        target.deletion_requested_at = None
        target.save(update_fields=["deletion_requested_at"])
        return Outcome(target=target)
