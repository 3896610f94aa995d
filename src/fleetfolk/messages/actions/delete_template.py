"""Throw a text away that messages begin with."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.messages.models import MessageTemplate
from fleetfolk.messages.permissions import EDIT_MESSAGE_TEMPLATES
from fleetfolk.users.actions.no_input import NoInput


class DeleteTemplate(Action[MessageTemplate, NoInput]):
    """There is no such template any more. Messages that began with it stay."""

    code = "message.template.delete"
    label = _("Delete message template")
    said = _("deleted the message template %(target)s")
    permission = EDIT_MESSAGE_TEMPLATES
    target_model = "messaging.MessageTemplate"
    input_type = NoInput

    def apply(self, *, actor: Actor, target: MessageTemplate, data: NoInput) -> Outcome[MessageTemplate]:
        """Deletes the row."""
        key = target.pk
        target.delete()
        target.pk = key
        return Outcome(target=target)
