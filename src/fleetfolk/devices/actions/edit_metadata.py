"""Change the facts that a device carries by its template."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.changing_hands import require_there
from fleetfolk.devices.fitting import fits_metadata
from fleetfolk.devices.models import Device, MetadataField
from fleetfolk.devices.permissions import ORG_DEVICES_EDIT
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Fact, Outcome

LARGEST_METADATA: Final = 12_000
"""Bytes of one device's facts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EditMetadataInput:
    """Values by the key of the template's field, typed as its kind asks; None where it is not set any more."""

    values: Mapping[int, Any]


class EditMetadata(Action[Device, EditMetadataInput]):
    """The given fields of the device hold the given values; the others stay."""

    code = "device.metadata.edit"
    label = _("Edit metadata")
    said = _("edited the metadata of %(target)s")
    permission = ORG_DEVICES_EDIT
    target_model = "devices.Device"
    input_type = EditMetadataInput
    assistable = True

    def check(self, *, actor: Actor, target: Device, data: EditMetadataInput) -> None:
        """Refuses a deleted device, a field that its template does not have, and a value that a field does not take."""
        require_there(target)
        known = fields_of(target)
        for key, value in data.values.items():
            field = known.get(key)
            if field is None:
                raise Refused("metadata_unknown")
            if value is None and field.required:
                raise Refused("metadata_required", name=field.name)
            if value is not None and not fits_metadata(field.kind, value, field.choices):
                raise Refused("metadata_unfit", name=field.name)
        if len(json.dumps(merged(target, data.values)).encode()) > LARGEST_METADATA:
            raise Refused("metadata_too_much")

    def apply(self, *, actor: Actor, target: Device, data: EditMetadataInput) -> Outcome[Device]:
        """Saves what differs; the log tells it by the fields' names."""
        before, known = target.metadata, fields_of(target)
        changes = [
            Change(known[key].name, told(before.get(str(key))), told(value))
            for key, value in data.values.items()
            if before.get(str(key)) != value
        ]
        if changes:
            target.metadata = merged(target, data.values)
            target.save(update_fields=["metadata"])
        return Outcome(target=target, changes=changes)


def fields_of(device: Device) -> dict[int, MetadataField]:
    """The fields of the device's template, in their order."""
    fields = MetadataField.objects.filter(template_id=device.template_id).order_by("position", "pk")
    return {field.pk: field for field in fields}


def merged(device: Device, values: Mapping[int, Any]) -> dict[str, Any]:
    """The device's facts afterwards."""
    after = {**device.metadata, **{str(key): value for key, value in values.items()}}
    return {key: value for key, value in after.items() if value is not None}


def told(value: Any) -> Fact:
    """The value as the log keeps it."""
    if isinstance(value, list | tuple):
        longitude, latitude = value
        return f"{latitude}, {longitude}"
    return value  # type: ignore[no-any-return]
