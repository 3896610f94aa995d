"""Switch a person's developer mode off."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.developers import develops
from fleetfolk.users.models import User
from fleetfolk.users.permissions import EDIT_DEVELOPERS


class DisableDeveloper(Action[User, NoInput]):
    """The person builds no templates and integrations any more, from the next request on. The role stays."""

    code = "user.developer.disable"
    label = _("Switch developer mode off")
    said = _("switched the developer mode of %(target)s off")
    permission = EDIT_DEVELOPERS
    target_model = "users.User"
    input_type = NoInput

    def check(self, *, actor: Actor, target: User, data: NoInput) -> None:
        """Refuses for whoever is no developer."""
        if not develops(target):
            raise Refused("developer_off", name=str(target))

    def apply(self, *, actor: Actor, target: User, data: NoInput) -> Outcome[User]:
        """Switches it off, and leaves their place to somebody else."""
        target.developer = False
        target.save(update_fields=["developer"])
        return Outcome(target=target, changes=[Change("developer", True, False)])
