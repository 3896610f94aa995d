"""Let the devices of a template report a kind of event no longer."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.template_changed import locked, new_version
from fleetfolk.devices.models import EventKind
from fleetfolk.devices.permissions import EDIT_TEMPLATES
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput


class DeleteEventKind(Action[EventKind, NoInput]):
    """Devices that report it are refused. What they reported before stays on their timelines."""

    code = "template.event.delete"
    label = _("Delete event")
    said = _("deleted the event %(target)s")
    permission = EDIT_TEMPLATES
    target_model = "devices.EventKind"
    input_type = NoInput

    def apply(self, *, actor: Actor, target: EventKind, data: NoInput) -> Outcome[EventKind]:
        """Deletes it."""
        locked(target.template_id)
        key = target.pk
        target.delete()
        target.pk = key
        new_version(target.template_id)
        return Outcome(target=target, facts={"template": target.template.name, "code": target.code})
