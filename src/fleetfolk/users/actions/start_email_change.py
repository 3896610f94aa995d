"""Ask for another address of one's own."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.edit_email import EmailInput, require_new_address, wish_for
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT


class StartEmailChange(Action[User, EmailInput]):
    """The new address has a mail with a link, the old one knows; nothing changes before the link is used."""

    code = "user.email.start"
    label = _("Change own e-mail")
    said = _("asked for another e-mail address")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = EmailInput
    risk = Risk.SENSITIVE
    personal_facts = frozenset({"email"})

    def check(self, *, actor: Actor, target: User, data: EmailInput) -> None:
        """Refuses the address of today. Whether another account has the new one, only its owner learns, by mail."""
        require_new_address(target, data.email)

    def apply(self, *, actor: Actor, target: User, data: EmailInput) -> Outcome[User]:
        """Writes the wish down."""
        wish_for(target, data.email, actor)
        return Outcome(target=target, facts={"email": data.email})
