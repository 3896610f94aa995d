"""Bring past values of a device."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.changing_hands import require_there
from fleetfolk.devices.intake import Report, record
from fleetfolk.devices.models import Datastream, Device
from fleetfolk.devices.permissions import ORG_DEVICES_CONTROL
from fleetfolk.devices.points import MOST_POINTS, is_in_time
from fleetfolk.devices.values import Stream, WrongValue, parse
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Fact, Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportDataInput:
    """Of which datastream; each point is milliseconds since 1970 and the value as text."""

    stream_id: int
    points: Sequence[tuple[int, str]]


class ImportData(Action[Device, ImportDataInput]):
    """The values are in the datastream's history, each at its time; the newest is the latest where none is newer."""

    code = "device.data.import"
    label = _("Bring past values")
    said = _("brought past values of %(target)s")
    permission = ORG_DEVICES_CONTROL
    target_model = "devices.Device"
    input_type = ImportDataInput

    def check(self, *, actor: Actor, target: Device, data: ImportDataInput) -> None:
        """Refuses a deleted device, a datastream that it does not have, and values that are unfit or out of time."""
        require_there(target)
        row = Datastream.objects.filter(template_id=target.template_id, pk=data.stream_id).first()
        if row is None:
            raise Refused("command_no_stream", name=target.name)
        if len(data.points) > MOST_POINTS:
            raise Refused("points_many", most=MOST_POINTS)
        self._stream = Stream.of(row)
        now = int(clock.now().timestamp() * 1000)
        if not all(is_in_time(at, now) for at, _text in data.points):
            raise Refused("points_time")
        try:
            self._reports = [
                Report(device_id=target.pk, stream=self._stream, value=parse(self._stream, (text,)), at_ms=min(at, now))
                for at, text in data.points
            ]
        except WrongValue:
            raise Refused("command_wrong_value", name=str(row)) from None

    def apply(self, *, actor: Actor, target: Device, data: ImportDataInput) -> Outcome[Device]:
        """Stores them."""
        if self._reports:
            with connection.cursor() as cursor:
                record(cursor, self._reports)
        facts: dict[str, Fact] = {
            "datastream": self._stream.alias or self._stream.name,
            "values": len(self._reports),
        }
        return Outcome(target=target, facts=facts)
