"""Look at one's own recovery codes."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT
from fleetfolk.users.second_factors import CODES, factors_of


class ReadCodes(Action[User, NoInput]):
    """Nothing has changed, and it is known when the codes were seen or downloaded, from where. They follow."""

    code = "user.codes.read"
    label = _("Show recovery codes")
    said = _("looked at their recovery codes")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = NoInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: User, data: NoInput) -> None:
        """Refuses without a second factor: there are no codes then."""
        if not factors_of(target).filter(type=CODES).exists():
            raise Refused("no_factor")

    def apply(self, *, actor: Actor, target: User, data: NoInput) -> Outcome[User]:
        """Says so."""
        return Outcome(target=target)
