"""Turn somebody down who has signed up."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models_signup import Registration
from fleetfolk.users.permissions import INVITE_USERS


class RevokeRegistration(Action[Registration, NoInput]):
    """Nothing is left of the sign-up, not even the password that was chosen."""

    code = "user.registration.revoke"
    label = _("Turn down a sign-up")
    said = _("turned down %(target)s")
    permission = INVITE_USERS
    target_model = "users.Registration"
    input_type = NoInput

    def check(self, *, actor: Actor, target: Registration, data: NoInput) -> None:
        """Refuses who does not wait: an account is disabled or deleted as every other is."""
        if not target.is_waiting:
            raise Refused("sign_up_not_waiting")

    def apply(self, *, actor: Actor, target: Registration, data: NoInput) -> Outcome[Registration]:
        """Deletes the row."""
        key = target.pk
        target.delete()
        target.pk = key
        return Outcome(target=target)
