"""Change a text that messages begin with."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.messages.actions.create_template import TemplateInput
from fleetfolk.messages.models import MessageTemplate
from fleetfolk.messages.permissions import EDIT_MESSAGE_TEMPLATES


class EditTemplate(Action[MessageTemplate, TemplateInput]):
    """The next message begins with it as it reads now; messages that are written stay."""

    code = "message.template.edit"
    label = _("Edit message template")
    said = _("edited the message template %(target)s")
    permission = EDIT_MESSAGE_TEMPLATES
    target_model = "messaging.MessageTemplate"
    input_type = TemplateInput

    def check(self, *, actor: Actor, target: MessageTemplate, data: TemplateInput) -> None:
        """Refuses words that are too long, and a name that is none or taken."""
        data.check(target.organization, other_than=target.pk)

    def apply(self, *, actor: Actor, target: MessageTemplate, data: TemplateInput) -> Outcome[MessageTemplate]:
        """Saves what differs; the log says that words changed, not which."""
        values = data.values()
        changed = [name for name, value in values.items() if getattr(target, name) != value]
        before = target.name
        for name in changed:
            setattr(target, name, values[name])
        if changed:
            target.save(update_fields=changed)
        return Outcome(
            target=target,
            changes=[Change(name, *((before, target.name) if name == "name" else ("", ""))) for name in changed],
        )
