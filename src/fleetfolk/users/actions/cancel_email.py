"""Take back the wish for another address."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import EmailChange, User
from fleetfolk.users.permissions import OWN_ACCOUNT


class CancelEmail(Action[User, NoInput]):
    """The address stays, and the link in the mail is void."""

    code = "user.email.cancel"
    label = _("Keep own e-mail")
    said = _("kept their e-mail address")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = NoInput

    def apply(self, *, actor: Actor, target: User, data: NoInput) -> Outcome[User]:
        """Forgets the wish."""
        if not EmailChange.objects.filter(user=target).delete()[0]:
            raise Refused("email_link_over")
        return Outcome(target=target)
