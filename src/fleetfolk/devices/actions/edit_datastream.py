"""Change what a datastream is."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.create_datastream import DatastreamInput, require_free
from fleetfolk.devices.actions.template_changed import saved_changes
from fleetfolk.devices.models import Datastream
from fleetfolk.devices.permissions import EDIT_TEMPLATES
from fleetfolk.devices.template_parts import require_fit
from fleetfolk.devices.template_queries import devices_reporting
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome


class EditDatastream(Action[Datastream, DatastreamInput]):
    """The datastream is what was given. Its type and pin stay as soon as one device has reported it."""

    code = "template.datastream.edit"
    label = _("Edit datastream")
    said = _("edited the datastream %(target)s")
    permission = EDIT_TEMPLATES
    target_model = "devices.Datastream"
    input_type = DatastreamInput

    def check(self, *, actor: Actor, target: Datastream, data: DatastreamInput) -> None:
        """Refuses facts that do not fit, a name or pin that is taken, and what kept values would not fit."""
        require_fit(data.facts)
        require_free(target.template, data.facts, besides=target.pk)
        if (data.facts.kind, data.facts.pin) != (target.kind, target.pin):
            count = devices_reporting(target)
            if count:
                raise Refused("stream_reported", count=count)

    def apply(self, *, actor: Actor, target: Datastream, data: DatastreamInput) -> Outcome[Datastream]:
        """Saves what differs."""
        return Outcome(target=target, changes=saved_changes(target, data.facts.columns()))
