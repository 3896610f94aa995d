"""Stop keeping a fact about the devices of a template."""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.template_changed import locked, new_version
from fleetfolk.devices.models import MetadataField
from fleetfolk.devices.permissions import EDIT_TEMPLATES
from fleetfolk.devices.template_queries import devices_keeping
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput

_FORGET = """
UPDATE devices_device SET metadata = metadata - %(key)s WHERE template_id = %(template)s AND metadata ? %(key)s
"""


class DeleteMetadataField(Action[MetadataField, NoInput]):
    """Devices have the field and its values no longer."""

    code = "template.metadata.delete"
    label = _("Delete metadata field")
    said = _("deleted the metadata field %(target)s")
    permission = EDIT_TEMPLATES
    target_model = "devices.MetadataField"
    input_type = NoInput
    risk = Risk.IRREVERSIBLE

    def apply(self, *, actor: Actor, target: MetadataField, data: NoInput) -> Outcome[MetadataField]:
        """Deletes it and what devices had in it."""
        locked(target.template_id)
        key, count = target.pk, devices_keeping(target)
        if count:
            with connection.cursor() as cursor:
                cursor.execute(_FORGET, {"key": str(key), "template": target.template_id})
        target.delete()
        target.pk = key
        new_version(target.template_id)
        return Outcome(target=target, facts={"template": target.template.name, "devices": count})
