"""Take a datastream out of a template."""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.template_changed import locked, new_version
from fleetfolk.devices.models import Datastream
from fleetfolk.devices.permissions import EDIT_TEMPLATES
from fleetfolk.devices.template_queries import devices_reporting
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput

_FORGET = """
UPDATE devices_reported SET "values" = "values" - %(pin)s, times = times - %(pin)s, properties = properties - %(pin)s
FROM devices_device device
WHERE device.id = devices_reported.device_id AND device.template_id = %(template)s AND devices_reported.times ? %(pin)s
"""


class DeleteDatastream(Action[Datastream, NoInput]):
    """Devices cannot report it any more; their latest values of it are gone, and its history goes little by little."""

    code = "template.datastream.delete"
    label = _("Delete datastream")
    said = _("deleted the datastream %(target)s")
    permission = EDIT_TEMPLATES
    target_model = "devices.Datastream"
    input_type = NoInput
    risk = Risk.IRREVERSIBLE

    def apply(self, *, actor: Actor, target: Datastream, data: NoInput) -> Outcome[Datastream]:
        """Deletes it, and the latest values with it, so that the next datastream on the pin begins empty."""
        locked(target.template_id)
        key, count = target.pk, devices_reporting(target)
        with connection.cursor() as cursor:
            cursor.execute(_FORGET, {"pin": str(target.pin), "template": target.template_id})
        target.delete()
        target.pk = key
        enqueue("devices.forget_stream", template_id=target.template_id, stream_id=key)
        new_version(target.template_id)
        return Outcome(
            target=target,
            facts={"template": target.template.name, "pin": target.pin, "devices": count},
        )
