"""Sign in."""

from dataclasses import dataclass

from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.models import State, User
from fleetfolk.users.permissions import OWN_ACCOUNT

_REASONS = {
    State.DISABLED: "sign_in_disabled",
    State.DELETION_PENDING: "sign_in_deleted",
    State.DEACTIVATED: "sign_in_deactivated",
    State.PENDING: "sign_in_pending",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class StartSessionInput:
    """How the attempt went so far.

    ``failed`` is the reason where password or second factor were not right: then there is only an entry. ``entered`` is
    what the account's sessions were signed with when the password was checked.
    """

    failed: str = ""
    entered: str = ""


class StartSession(Action[User, StartSessionInput]):
    """The person is signed in, and this is their last sign-in."""

    code = "user.session.start"
    label = _("Sign in")
    said = _("signed in")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = StartSessionInput

    def check(self, *, actor: Actor, target: User, data: StartSessionInput) -> None:
        """Refuses whoever may not sign in. Only the right password leads here, so the reason may be told."""
        if data.failed:
            raise Refused(data.failed)
        if target.state != State.ACTIVE:
            raise Refused(_REASONS[State(target.state)], organization=target.organization.name)
        if data.entered and not constant_time_compare(data.entered, target.get_session_auth_hash()):
            raise Refused("sign_in_changed")

    def apply(self, *, actor: Actor, target: User, data: StartSessionInput) -> Outcome[User]:
        """Stamps the sign-in."""
        target.last_sign_in_at = clock.now()
        target.save(update_fields=["last_sign_in_at"])
        return Outcome(target=target)
