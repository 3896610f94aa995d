"""Samples of devices and of what happens to them."""

from typing import Any

from fleetfolk.devices.actions.assign_device_tag import DeviceTagInput
from fleetfolk.devices.actions.create_comment import CreateCommentInput
from fleetfolk.devices.actions.edit_device import EditDeviceInput
from fleetfolk.devices.actions.edit_metadata import EditMetadataInput
from fleetfolk.devices.actions.rename_device import RenameDeviceInput
from fleetfolk.devices.models import Device, Event, Level, MetadataField, MetadataKind
from fleetfolk.kernel import clock
from fleetfolk.organizations.models import Tag
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.door import staging
from fleetfolk.testing.sampling import Sample, Samples
from fleetfolk.users.actions.no_input import NoInput, ReasonInput


def cellar(cast: Cast) -> Device:
    """A device of North whose owner is Cleo."""
    found = Device.objects.filter(organization=cast.north, name="Cellar").first()
    return found or device_of(cast.north, owner=cast.cleo)[0]


def metadata_field(cast: Cast) -> MetadataField:
    """A fact that the devices of the template carry."""
    device = cellar(cast)
    with staging():
        field, _created = MetadataField.objects.get_or_create(
            tenant=cast.lumen, template_id=device.template_id, name="Room", defaults={"kind": MetadataKind.TEXT}
        )
    return field


def event_of(device: Device, *, code: str = "leak", level: Level = Level.CRITICAL, **columns: Any) -> Event:
    """Something that happened to the device."""
    with staging():
        return Event.objects.create(
            tenant_id=device.tenant_id, device=device, code=code, level=level, title="Leak", **columns
        )


def tag_of(cast: Cast) -> Tag:
    """A tag of North."""
    with staging():
        return Tag.objects.get_or_create(tenant=cast.lumen, organization=cast.north, name="Roof")[0]


def _device(cast: Cast, data: Any) -> Sample:
    return Sample(target_id=cellar(cast).pk, data=data, permitted=actor(cast.ada))


def _deactivated(cast: Cast) -> Sample:
    with staging():
        Device.objects.filter(pk=cellar(cast).pk).update(deactivated_at=clock.now())
    return _device(cast, NoInput())


def _event(cast: Cast, data: Any, **columns: Any) -> Sample:
    return Sample(target_id=event_of(cellar(cast), **columns).pk, data=data, permitted=actor(cast.ada))


SAMPLES: Samples = {
    "device.rename": lambda cast: _device(cast, RenameDeviceInput(name="Attic")),
    "device.edit": lambda cast: _device(cast, EditDeviceInput(serial="SN 1", place=(50.1, 8.6))),
    "device.metadata.edit": lambda cast: _device(cast, EditMetadataInput(values={metadata_field(cast).pk: "Cellar"})),
    "device.deactivate": lambda cast: _device(cast, ReasonInput(reason="Stolen")),
    "device.activate": _deactivated,
    "device.tag.assign": lambda cast: _device(cast, DeviceTagInput(tag_id=tag_of(cast).pk)),
    "device.tag.revoke": lambda cast: _device(cast, DeviceTagInput(tag_id=tag_of(cast).pk)),
    "event.comment.create": lambda cast: _event(cast, CreateCommentInput(text="The seal is old.")),
    "event.resolve": lambda cast: _event(cast, NoInput()),
    "event.reset": lambda cast: _event(cast, NoInput(), resolved_at=clock.now()),
    "event.archive": lambda cast: _event(cast, NoInput()),
    "event.restore": lambda cast: _event(cast, NoInput(), archived_at=clock.now()),
}
