"""Take an event out of the archive."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.models import Event
from fleetfolk.devices.permissions import EDIT_TIMELINE
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput


class RestoreEvent(Action[Event, NoInput]):
    """The event is on the timeline again."""

    code = "event.restore"
    label = _("Restore event")
    said = _("restored %(target)s")
    permission = EDIT_TIMELINE
    target_model = "devices.Event"
    input_type = NoInput
    assistable = True

    def check(self, *, actor: Actor, target: Event, data: NoInput) -> None:
        """Refuses what is not archived."""
        if target.archived_at is None:
            raise Refused("event_not_archived")

    def apply(self, *, actor: Actor, target: Event, data: NoInput) -> Outcome[Event]:
        """Takes the mark away."""
        target.archived_at = None
        target.save(update_fields=["archived_at"])
        return Outcome(target=target, facts={"device": target.device.name, "device_id": target.device_id})
