"""Change how the widget of a datastream looks, for one device."""

from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.changing_hands import require_there
from fleetfolk.devices.intake import notes
from fleetfolk.devices.models import Datastream, Device, Reported
from fleetfolk.devices.permissions import ORG_DEVICES_EDIT
from fleetfolk.devices.properties import MOST_OF_PROPERTIES, fits, too_many, with_properties
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class EditPropertyInput:
    """Of which datastream, which property (`properties.PROPERTIES`), and its value as text."""

    stream_id: int
    name: str
    value: str


class EditProperty(Action[Device, EditPropertyInput]):
    """The property of the datastream's widget has the value, as if the device had set it."""

    code = "device.property.edit"
    label = _("Change a widget's property")
    said = _("changed a widget of %(target)s")
    permission = ORG_DEVICES_EDIT
    target_model = "devices.Device"
    input_type = EditPropertyInput

    def check(self, *, actor: Actor, target: Device, data: EditPropertyInput) -> None:
        """Refuses a deleted device, a datastream that it does not have, and what is no property."""
        require_there(target)
        stream = Datastream.objects.filter(template_id=target.template_id, pk=data.stream_id).first()
        if stream is None:
            raise Refused("command_no_stream", name=target.name)
        if not fits(data.name, data.value):
            raise Refused("property_unfit")
        self._stream = stream

    def apply(self, *, actor: Actor, target: Device, data: EditPropertyInput) -> Outcome[Device]:
        """Stores it; what is open shows it."""
        reported = Reported.objects.select_for_update(no_key=True).get(device=target)
        before = reported.properties.get(str(self._stream.pin), {}).get(data.name)
        reported.properties = with_properties(reported.properties, self._stream.pin, {data.name: data.value})
        if too_many(reported.properties):
            raise Refused("properties_many", most=MOST_OF_PROPERTIES)
        reported.save(update_fields=["properties"])
        with connection.cursor() as cursor:
            for sql, params in notes([target.pk]):
                cursor.execute(sql, params)
        changes = [Change(data.name, before, data.value)] if before != data.value else []
        return Outcome(target=target, changes=changes, facts={"datastream": str(self._stream)})
