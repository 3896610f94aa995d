"""Throw a mail away that was held back."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.messages.permissions import EDIT_PUSH_ADDRESSES
from fleetfolk.messages.pushmail.models import IncomingMail, MailState
from fleetfolk.users.actions.no_input import NoInput


class DeleteMail(Action[IncomingMail, NoInput]):
    """Nobody gets the mail, and nothing of it is kept but that it came."""

    code = "pushmail.mail.delete"
    label = _("Throw Push Mail away")
    said = _("threw %(target)s away")
    permission = EDIT_PUSH_ADDRESSES
    target_model = "messaging.IncomingMail"
    input_type = NoInput

    def check(self, *, actor: Actor, target: IncomingMail, data: NoInput) -> None:
        """Refuses what is not held back."""
        if target.state != MailState.HELD:
            raise Refused("pushmail_mail_over")

    def apply(self, *, actor: Actor, target: IncomingMail, data: NoInput) -> Outcome[IncomingMail]:
        """Empties it."""
        target.state, target.raw = MailState.DELETED, b""
        target.save(update_fields=["state", "raw"])
        return Outcome(target=target, changes=[Change("state", MailState.HELD.value, target.state)])
