"""Erase a deleted person for good."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import RESTORABLE_FOR, User
from fleetfolk.users.permissions import DELETE_USERS


class EraseUser(Action[User, NoInput]):
    """The account and all that hangs on it is gone. Done by the caretaker when the grace period is over."""

    code = "user.erase"
    label = _("Erase user")
    said = _("erased %(target)s")
    permission = DELETE_USERS
    target_model = "users.User"
    input_type = NoInput
    risk = Risk.IRREVERSIBLE

    def check(self, *, actor: Actor, target: User, data: NoInput) -> None:
        """Refuses while the account can still be restored."""
        requested = target.deletion_requested_at
        if requested is None or clock.now() < requested + RESTORABLE_FOR:
            raise Refused("still_restorable", name=str(target))

    def apply(self, *, actor: Actor, target: User, data: NoInput) -> Outcome[User]:
        """Deletes the row; the key stays on the outcome, for the entry."""
        key = target.pk
        target.delete()
        target.pk = key
        return Outcome(target=target)
