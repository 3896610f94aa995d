"""Choose one's own new password."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.reset_password import require_account
from fleetfolk.users.mail import notify
from fleetfolk.users.models import User
from fleetfolk.users.open_sessions import end_open_sessions
from fleetfolk.users.password_rules import require_fit
from fleetfolk.users.permissions import OWN_ACCOUNT
from fleetfolk.users.secret import PasswordLinks


@dataclass(frozen=True, kw_only=True, slots=True)
class EditPasswordInput:
    """The password in plain. ``link`` is the token of a link that led here."""

    password: str
    link: str = ""


class EditPassword(Action[User, EditPasswordInput]):
    """The person has a new password of their own; other sessions are ended, and they are told by mail."""

    code = "user.password.edit"
    label = _("Change own password")
    said = _("changed their password")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = EditPasswordInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: User, data: EditPasswordInput) -> None:
        """Refuses whoever was disabled while the link was on its way, and a link that was used a moment ago."""
        require_account(target)
        if data.link and not PasswordLinks().check_token(target, data.link):
            raise Refused("password_link_over")
        require_fit(data.password, target)

    def apply(self, *, actor: Actor, target: User, data: EditPasswordInput) -> Outcome[User]:
        """Sets it."""
        target.set_password(data.password)
        end_open_sessions(target)
        target.save(update_fields=["password", "session_epoch"])
        notify(target, "password_changed")
        return Outcome(target=target)
