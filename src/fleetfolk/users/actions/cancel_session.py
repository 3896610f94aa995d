"""Sign oneself out of another browser."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.revoke_session import SessionInput, end_session_of
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT


class CancelSession(Action[User, SessionInput]):
    """One of one's own sessions is refused at its next request."""

    code = "user.session.cancel"
    label = _("End an own session")
    said = _("signed out of another browser")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = SessionInput

    def apply(self, *, actor: Actor, target: User, data: SessionInput) -> Outcome[User]:
        """Ends it."""
        return end_session_of(target, data.session_id)
