"""Samples of commands to devices, and of what devices do themselves."""

from fleetfolk.devices.actions.edit_notices import EditNoticesInput
from fleetfolk.devices.actions.send_command import SendCommandInput
from fleetfolk.devices.actions.start_connection import StartConnectionInput
from fleetfolk.devices.models import Datastream
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.devices import device_of
from fleetfolk.testing.sampling import Sample, Samples, own


def _command(cast: Cast) -> Sample:
    device, _token = device_of(cast.north)
    stream = Datastream.objects.get(template=device.template, pin=1)
    data = SendCommandInput(stream_id=stream.pk, texts=("21.5",))
    return Sample(target_id=device.pk, data=data, permitted=actor(cast.ada))


def _connection(cast: Cast) -> Sample:
    device, _token = device_of(cast.north)
    return Sample(target_id=device.pk, data=StartConnectionInput(firmware="1.2.0"), permitted=actor(cast.ada))


SAMPLES: Samples = {
    "device.command.send": _command,
    "device.connection.start": _connection,
    "user.notices.edit": lambda cast: own(cast, EditNoticesInput(quiet={None: frozenset({"info"})})),
}
