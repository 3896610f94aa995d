"""Take back that an event is dealt with."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.models import Event
from fleetfolk.devices.permissions import EDIT_TIMELINE
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput


class ResetEvent(Action[Event, NoInput]):
    """The event is open again."""

    code = "event.reset"
    label = _("Reopen event")
    said = _("reopened %(target)s")
    permission = EDIT_TIMELINE
    target_model = "devices.Event"
    input_type = NoInput
    assistable = True

    def check(self, *, actor: Actor, target: Event, data: NoInput) -> None:
        """Refuses what is open."""
        if target.resolved_at is None:
            raise Refused("event_open_already")

    def apply(self, *, actor: Actor, target: Event, data: NoInput) -> Outcome[Event]:
        """Takes the mark away."""
        target.resolved_at, target.resolved_by_id, target.resolved_by_label = None, None, ""
        target.save(update_fields=["resolved_at", "resolved_by_id", "resolved_by_label"])
        return Outcome(target=target, facts={"device": target.device.name, "device_id": target.device_id})
