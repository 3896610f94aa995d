"""Set one of a device's datastreams."""

from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.intake import Report, record
from fleetfolk.devices.models import Datastream, Device, DeviceState
from fleetfolk.devices.permissions import ORG_DEVICES_CONTROL
from fleetfolk.devices.values import Stream, WrongValue, parse, shown
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class SendCommandInput:
    """Which datastream, and the value as text: a place is two texts, longitude and latitude."""

    stream_id: int
    texts: tuple[str, ...]


class SendCommand(Action[Device, SendCommandInput]):
    """The value is the datastream's latest and in its history; the device is told when it asks, or at once.

    A number beyond the datastream's range is cropped to it, as it is when the device reports one.
    """

    code = "device.command.send"
    label = _("Send command")
    said = _("set a datastream of %(target)s")
    permission = ORG_DEVICES_CONTROL
    target_model = "devices.Device"
    input_type = SendCommandInput
    assistable = True

    def check(self, *, actor: Actor, target: Device, data: SendCommandInput) -> None:
        """Refuses devices that are out of use, datastreams that people cannot set, and values of another type."""
        if target.state >= DeviceState.DEACTIVATED:
            raise Refused("command_device_off", name=target.name)
        row = Datastream.objects.filter(template_id=target.template_id, pk=data.stream_id).first()
        if row is None:
            raise Refused("command_no_stream", name=target.name)
        self._stream = Stream.of(row)
        if not row.writable:
            raise Refused("command_read_only", name=str(row))
        try:
            self._value = parse(self._stream, data.texts)
        except WrongValue:
            raise Refused("command_wrong_value", name=str(row)) from None

    def apply(self, *, actor: Actor, target: Device, data: SendCommandInput) -> Outcome[Device]:
        """Stores the value."""
        at_ms = int(clock.now().timestamp() * 1000)
        report = Report(device_id=target.pk, stream=self._stream, value=self._value, at_ms=at_ms)
        with connection.cursor() as cursor:
            record(cursor, [report])
        facts = {"datastream": self._stream.alias or self._stream.name, "value": shown(self._stream, self._value)}
        return Outcome(target=target, facts=facts)
