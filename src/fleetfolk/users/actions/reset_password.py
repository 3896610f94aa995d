"""Send a person a link for a new password."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import ReasonInput
from fleetfolk.users.models import User
from fleetfolk.users.open_sessions import end_open_sessions
from fleetfolk.users.permissions import MANAGE_CREDENTIALS
from fleetfolk.users.sso.lookup import required_provider


class ResetPassword(Action[User, ReasonInput]):
    """The current password is useless, every session is ended, and a mail with a one-time link is on its way.

    The link is made by the mail job, so no secret passes through here or the log.
    """

    code = "user.password.reset"
    label = _("Reset password")
    said = _("reset the password of %(target)s")
    permission = MANAGE_CREDENTIALS
    target_model = "users.User"
    input_type = ReasonInput
    risk = Risk.SENSITIVE
    personal_facts = frozenset({"reason"})

    def check(self, *, actor: Actor, target: User, data: ReasonInput) -> None:
        """Refuses for whoever cannot sign in anyway."""
        require_account(target)
        require_password(target)

    def apply(self, *, actor: Actor, target: User, data: ReasonInput) -> Outcome[User]:
        """Voids password and sessions and queues the mail."""
        target.set_unusable_password()
        end_open_sessions(target)
        target.save(update_fields=["password", "session_epoch"])
        enqueue("users.send_password_link", user_id=target.pk, by=actor.label)
        return Outcome(target=target, facts={"reason": data.reason, "sessions_ended": True})


def require_account(target: User) -> None:
    """Refuses for pending, disabled, deactivated and deleted people: they have no working account."""
    if not target.is_active:
        raise Refused("user_inactive", name=str(target), status=str(target.status.label))


def require_password(target: User) -> None:
    """Refuses for whoever must sign in by the provider of their organization: a password would open nothing."""
    required = required_provider(target)
    if required is not None:
        raise Refused("password_by_provider", name=str(target), organization=required.organization.name)
