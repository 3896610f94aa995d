"""Sign out."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT


class EndSession(Action[User, NoInput]):
    """The person signed out of this browser."""

    code = "user.session.end"
    label = _("Sign out")
    said = _("signed out")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = NoInput

    def apply(self, *, actor: Actor, target: User, data: NoInput) -> Outcome[User]:
        """Nothing of the account changes; the entry is the trace."""
        return Outcome(target=target)
