"""Change what a metadata field is."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.create_metadata_field import MetadataFieldInput, require_field_name
from fleetfolk.devices.actions.template_changed import saved_changes
from fleetfolk.devices.models import MetadataField
from fleetfolk.devices.permissions import EDIT_TEMPLATES
from fleetfolk.devices.template_parts import require_fit
from fleetfolk.devices.template_queries import devices_keeping
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome


class EditMetadataField(Action[MetadataField, MetadataFieldInput]):
    """The field is what was given. Its type stays as soon as one device has a value."""

    code = "template.metadata.edit"
    label = _("Edit metadata field")
    said = _("edited the metadata field %(target)s")
    permission = EDIT_TEMPLATES
    target_model = "devices.MetadataField"
    input_type = MetadataFieldInput

    def check(self, *, actor: Actor, target: MetadataField, data: MetadataFieldInput) -> None:
        """Refuses facts that do not fit, a name that is taken, and a type that kept values would not fit."""
        require_fit(data.facts)
        require_field_name(target.template, data.facts.name, besides=target.pk)
        if data.facts.kind != target.kind:
            count = devices_keeping(target)
            if count:
                raise Refused("metadata_kept", count=count)

    def apply(self, *, actor: Actor, target: MetadataField, data: MetadataFieldInput) -> Outcome[MetadataField]:
        """Saves what differs."""
        return Outcome(target=target, changes=saved_changes(target, data.facts.columns()))
