"""Samples of commands to devices, and of what devices do themselves."""

import datetime as dt

from fleetfolk.devices.actions.create_event import CreateEventInput
from fleetfolk.devices.actions.edit_notices import EditNoticesInput
from fleetfolk.devices.actions.edit_property import EditPropertyInput
from fleetfolk.devices.actions.import_data import ImportDataInput
from fleetfolk.devices.actions.send_command import SendCommandInput
from fleetfolk.devices.actions.start_connection import StartConnectionInput
from fleetfolk.devices.models import Datastream
from fleetfolk.kernel import clock
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.sampling import Sample, Samples, own
from fleetfolk.users.actions.no_input import NoInput


def _command(cast: Cast) -> Sample:
    device, _token = device_of(cast.north)
    stream = Datastream.objects.get(template=device.template, pin=1)
    data = SendCommandInput(stream_id=stream.pk, texts=("21.5",))
    return Sample(target_id=device.pk, data=data, permitted=actor(cast.ada))


def _at_pin(cast: Cast, pin: int) -> tuple[int, int]:
    """A device of North, and the key of its datastream at the pin."""
    device, _token = device_of(cast.north)
    return device.pk, Datastream.objects.get(template=device.template, pin=pin).pk


def _past(cast: Cast) -> Sample:
    device, stream = _at_pin(cast, 2)
    hour_ago = int((clock.now() - dt.timedelta(hours=1)).timestamp() * 1000)
    data = ImportDataInput(stream_id=stream, points=((hour_ago, "21.5"),))
    return Sample(target_id=device, data=data, permitted=actor(cast.ada))


def _property(cast: Cast) -> Sample:
    device, stream = _at_pin(cast, 1)
    data = EditPropertyInput(stream_id=stream, name="label", value="Wanted")
    return Sample(target_id=device, data=data, permitted=actor(cast.ada))


def _of_device(cast: Cast, data: object) -> Sample:
    device, _token = device_of(cast.north)
    return Sample(target_id=device.pk, data=data, permitted=actor(cast.ada))


def _connection(cast: Cast) -> Sample:
    device, _token = device_of(cast.north)
    return Sample(target_id=device.pk, data=StartConnectionInput(firmware="1.2.0"), permitted=actor(cast.ada))


SAMPLES: Samples = {
    "device.command.send": _command,
    "device.connection.start": _connection,
    "device.data.erase": lambda cast: _of_device(cast, NoInput()),
    "device.data.import": _past,
    "device.event.create": lambda cast: _of_device(cast, CreateEventInput(code="leak", description="Under the sink")),
    "device.property.edit": _property,
    "user.notices.edit": lambda cast: own(cast, EditNoticesInput(quiet={None: frozenset({"info"})})),
}
