"""Change what a kind of event is."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.create_event_kind import EventKindInput, require_code
from fleetfolk.devices.actions.template_changed import saved_changes
from fleetfolk.devices.models import EventKind
from fleetfolk.devices.permissions import EDIT_TEMPLATES
from fleetfolk.devices.template_parts import require_fit
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome


class EditEventKind(Action[EventKind, EventKindInput]):
    """The kind of event is what was given. Events that were reported before stay as they are."""

    code = "template.event.edit"
    label = _("Edit event")
    said = _("edited the event %(target)s")
    permission = EDIT_TEMPLATES
    target_model = "devices.EventKind"
    input_type = EventKindInput

    def check(self, *, actor: Actor, target: EventKind, data: EventKindInput) -> None:
        """Refuses facts that do not fit, and a code that is taken."""
        require_fit(data.facts)
        require_code(target.template, data.facts.code, besides=target.pk)

    def apply(self, *, actor: Actor, target: EventKind, data: EventKindInput) -> Outcome[EventKind]:
        """Saves what differs."""
        return Outcome(target=target, changes=saved_changes(target, data.facts.columns()))
