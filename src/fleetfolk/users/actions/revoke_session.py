"""Sign a person out of one browser."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.models import User
from fleetfolk.users.open_sessions import end_one_session
from fleetfolk.users.permissions import FORCE_LOGOUT
from fleetfolk.users.user_agents import words_of


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionInput:
    """Which of the target's own sessions."""

    session_id: int


class RevokeSession(Action[User, SessionInput]):
    """One session of the person is refused at its next request; the others go on."""

    code = "user.session.revoke"
    label = _("End one session")
    said = _("signed %(target)s out of one browser")
    permission = FORCE_LOGOUT
    target_model = "users.User"
    input_type = SessionInput

    def apply(self, *, actor: Actor, target: User, data: SessionInput) -> Outcome[User]:
        """Ends it."""
        return end_session_of(target, data.session_id)


def end_session_of(target: User, session_id: int) -> Outcome[User]:
    """The session is over. Refuses what is no session of the person, as if there were none anywhere."""
    session = end_one_session(target, session_id)
    if session is None:
        raise Refused("no_such_session")
    return Outcome(target=target, facts={"browser": words_of(session.user_agent)})
