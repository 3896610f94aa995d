"""Put an event away."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.models import Event
from fleetfolk.devices.permissions import EDIT_TIMELINE
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput


class ArchiveEvent(Action[Event, NoInput]):
    """The event is shown only to those who ask for archived ones."""

    code = "event.archive"
    label = _("Archive event")
    said = _("archived %(target)s")
    permission = EDIT_TIMELINE
    target_model = "devices.Event"
    input_type = NoInput
    assistable = True

    def check(self, *, actor: Actor, target: Event, data: NoInput) -> None:
        """Refuses what is archived already."""
        if target.archived_at is not None:
            raise Refused("event_archived_already")

    def apply(self, *, actor: Actor, target: Event, data: NoInput) -> Outcome[Event]:
        """Marks it."""
        target.archived_at = clock.now()
        target.save(update_fields=["archived_at"])
        return Outcome(target=target, facts={"device": target.device.name, "device_id": target.device_id})
