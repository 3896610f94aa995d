"""Give a sign-up its secret, when its mail is made."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.start_registration import require_doorkeeper
from fleetfolk.users.models_signup import Registration
from fleetfolk.users.permissions import INVITE_USERS


@dataclass(frozen=True, kw_only=True, slots=True)
class RotateRegistrationInput:
    """The hash of the secret that the mail carries."""

    secret_hash: str


class RotateRegistration(Action[Registration, RotateRegistrationInput]):
    """The sign-up answers to a new secret. Done by the mail job alone."""

    code = "user.registration.rotate"
    label = _("Make sign-up link")
    said = _("made the link of %(target)s")
    permission = INVITE_USERS
    target_model = "users.Registration"
    input_type = RotateRegistrationInput

    def check(self, *, actor: Actor, target: Registration, data: RotateRegistrationInput) -> None:
        """Refuses for sign-ups that are over."""
        require_doorkeeper(actor)
        if not target.is_open:
            raise Refused("sign_up_over")

    def apply(self, *, actor: Actor, target: Registration, data: RotateRegistrationInput) -> Outcome[Registration]:
        """Stores the hash."""
        target.secret_hash = data.secret_hash
        target.save(update_fields=["secret_hash"])
        return Outcome(target=target)
