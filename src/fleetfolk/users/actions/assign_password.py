"""Set a person's password for them."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.reset_password import require_account, require_password
from fleetfolk.users.mail import notify
from fleetfolk.users.models import User
from fleetfolk.users.open_sessions import end_open_sessions
from fleetfolk.users.password_rules import require_fit
from fleetfolk.users.permissions import MANAGE_CREDENTIALS


@dataclass(frozen=True, kw_only=True, slots=True)
class AssignPasswordInput:
    """The password in plain."""

    password: str


class AssignPassword(Action[User, AssignPasswordInput]):
    """The person signs in with this password from now on; every session is ended, and they are told by mail."""

    code = "user.password.assign"
    label = _("Set password")
    said = _("set the password of %(target)s")
    permission = MANAGE_CREDENTIALS
    target_model = "users.User"
    input_type = AssignPasswordInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: User, data: AssignPasswordInput) -> None:
        """Refuses one's own account, where the present password is asked for, and whoever cannot sign in."""
        if actor.user_id == target.pk:
            raise Refused("own_password")
        require_account(target)
        require_password(target)
        require_fit(data.password, target)

    def apply(self, *, actor: Actor, target: User, data: AssignPasswordInput) -> Outcome[User]:
        """Sets it."""
        target.set_password(data.password)
        end_open_sessions(target)
        target.save(update_fields=["password", "session_epoch"])
        notify(target, "password_assigned", by=actor.label)
        return Outcome(target=target, facts={"sessions_ended": True})
