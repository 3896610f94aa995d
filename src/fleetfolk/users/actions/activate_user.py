"""Open a deactivated account again."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import State, User
from fleetfolk.users.permissions import DEACTIVATE_USERS


class ActivateUser(Action[User, NoInput]):
    """The person is in the lists again, as they were: disabled if they were disabled. Sessions stay ended."""

    code = "user.activate"
    label = _("Activate user")
    said = _("activated %(target)s")
    permission = DEACTIVATE_USERS
    target_model = "users.User"
    input_type = NoInput

    def check(self, *, actor: Actor, target: User, data: NoInput) -> None:
        """Refuses for whoever is not deactivated."""
        if target.state != State.DEACTIVATED:
            raise Refused("already", name=str(target), status=str(target.status.label))

    def apply(self, *, actor: Actor, target: User, data: NoInput) -> Outcome[User]:
        """Shows the person again."""
        target.deactivated_at = None
        target.save(update_fields=["deactivated_at"])
        return Outcome(target=target)
