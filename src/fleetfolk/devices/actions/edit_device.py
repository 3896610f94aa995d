"""Change what is known of a device besides its name and its metadata."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.changing_hands import require_there
from fleetfolk.devices.fitting import is_one_line
from fleetfolk.devices.models import Device
from fleetfolk.devices.permissions import ORG_DEVICES_EDIT
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.organizations.models import Location
from fleetfolk.organizations.queries import upwards
from fleetfolk.users.actions.edit_user import KEEP, Keep

LONGEST_SERIAL = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class EditDeviceInput:
    """``place`` is latitude and longitude, or None where it is not known. What is not given stays."""

    serial: str | Keep = KEEP
    location_id: int | Keep | None = KEEP
    place: tuple[float, float] | Keep | None = KEEP


class EditDevice(Action[Device, EditDeviceInput]):
    """What is given of the device's serial number, location and place on the map is as given."""

    code = "device.edit"
    label = _("Edit device")
    said = _("edited %(target)s")
    permission = ORG_DEVICES_EDIT
    target_model = "devices.Device"
    input_type = EditDeviceInput
    assistable = True

    def check(self, *, actor: Actor, target: Device, data: EditDeviceInput) -> None:
        """Refuses a deleted device, a serial number that is none, a foreign location and a place beyond the world."""
        require_there(target)
        if data.serial is not KEEP:
            require_serial(data.serial)
        if data.location_id not in (KEEP, None, target.location_id):
            known = Location.objects.filter(tenant_id=target.tenant_id, organization__in=upwards(target.organization))
            if not known.filter(pk=data.location_id).exists():
                raise Refused("location_elsewhere")
        if data.place is not KEEP and data.place is not None:
            latitude, longitude = data.place
            if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
                raise Refused("device_place_unfit")

    def apply(self, *, actor: Actor, target: Device, data: EditDeviceInput) -> Outcome[Device]:
        """Saves what differs."""
        changes, saved = [], []
        if data.serial is not KEEP and data.serial != target.serial:
            changes.append(Change("serial", target.serial, data.serial))
            target.serial = data.serial
            saved.append("serial")
        if data.location_id is not KEEP and data.location_id != target.location_id:
            before = target.location.name if target.location else None
            target.location_id = data.location_id
            changes.append(Change("location", before, target.location.name if target.location else None))
            saved.append("location")
        if data.place is not KEEP and data.place != place_of(target):
            changes.append(Change("place", said(place_of(target)), said(data.place)))
            target.latitude, target.longitude = data.place or (None, None)
            saved += ["latitude", "longitude"]
        if saved:
            target.save(update_fields=saved)
        return Outcome(target=target, changes=changes)


def place_of(device: Device) -> tuple[float, float] | None:
    """Latitude and longitude, where they are known."""
    if device.latitude is None or device.longitude is None:
        return None
    return device.latitude, device.longitude


def said(place: tuple[float, float] | None) -> str:
    """The place as people write it."""
    return ", ".join(f"{part:.5f}".rstrip("0").rstrip(".") for part in place) if place else ""


def require_serial(serial: str) -> None:
    """Refuses what is no serial number."""
    if len(serial) > LONGEST_SERIAL or not is_one_line(serial):
        raise Refused("device_serial_unfit", longest=LONGEST_SERIAL)
