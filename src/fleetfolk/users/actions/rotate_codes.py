"""Make new recovery codes."""

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.mail import notify
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT
from fleetfolk.users.second_factors import CODES, factors_of, has_factor


class RotateCodes(Action[User, NoInput]):
    """There are ten new recovery codes, and the ones from before work no more."""

    code = "user.codes.rotate"
    label = _("Make new recovery codes")
    said = _("made new recovery codes")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = NoInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: User, data: NoInput) -> None:
        """Refuses without a second factor: the codes stand in for one."""
        if not has_factor(target):
            raise Refused("no_factor")

    def apply(self, *, actor: Actor, target: User, data: NoInput) -> Outcome[User]:
        """Makes them."""
        factors_of(target).filter(type=CODES).delete()
        RecoveryCodes.activate(target)
        notify(target, "codes_rotated")
        return Outcome(target=target)
