"""Remove a second factor that a person has lost."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.delete_factor import FactorInput, factor_of, remove_factor
from fleetfolk.users.mail import notify
from fleetfolk.users.models import User
from fleetfolk.users.open_sessions import end_open_sessions
from fleetfolk.users.permissions import MANAGE_CREDENTIALS


class RevokeFactor(Action[User, FactorInput]):
    """The factor no longer signs in, every session is ended, and the person is told by mail."""

    code = "user.factor.revoke"
    label = _("Remove a person's second factor")
    said = _("removed a second factor of %(target)s")
    permission = MANAGE_CREDENTIALS
    target_model = "users.User"
    input_type = FactorInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: User, data: FactorInput) -> None:
        """Refuses one's own account, where the organization's rule is looked at, and what is no factor of theirs."""
        if actor.user_id == target.pk:
            raise Refused("own_factor")
        factor_of(target, data.factor_id)

    def apply(self, *, actor: Actor, target: User, data: FactorInput) -> Outcome[User]:
        """Removes it."""
        kind = remove_factor(target, data.factor_id)
        end_open_sessions(target)
        target.save(update_fields=["session_epoch"])
        notify(target, "factor_revoked", kind=kind, by=actor.label)
        return Outcome(target=target, facts={"kind": kind, "sessions_ended": True})
