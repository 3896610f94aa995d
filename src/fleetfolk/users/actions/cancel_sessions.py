"""Sign oneself out everywhere else."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User
from fleetfolk.users.open_sessions import end_open_sessions
from fleetfolk.users.permissions import OWN_ACCOUNT


class CancelSessions(Action[User, NoInput]):
    """Every session of one's own is void; the browser that asked is signed anew by the view."""

    code = "user.sessions.cancel"
    label = _("Sign out everywhere else")
    said = _("signed out everywhere else")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = NoInput

    def apply(self, *, actor: Actor, target: User, data: NoInput) -> Outcome[User]:
        """Moves the epoch on."""
        end_open_sessions(target)
        target.save(update_fields=["session_epoch"])
        return Outcome(target=target)
