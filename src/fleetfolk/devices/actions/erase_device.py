"""Erase a deleted device for good."""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.models import RESTORABLE_FOR, Device, Event, EventComment, Minute, Point
from fleetfolk.devices.permissions import ORG_DEVICES_DELETE
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor, ActorKind
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput


class EraseDevice(Action[Device, NoInput]):
    """The device is gone with all that it reported. Done by the caretaker when the days of grace are over."""

    code = "device.erase"
    label = _("Erase device")
    said = _("erased %(target)s")
    permission = ORG_DEVICES_DELETE
    target_model = "devices.Device"
    input_type = NoInput
    risk = Risk.IRREVERSIBLE

    def check(self, *, actor: Actor, target: Device, data: NoInput) -> None:
        """Denies everybody but the caretaker; refuses while the device can still be restored."""
        if actor.kind is not ActorKind.SYSTEM:
            raise Denied("devices_erased_by_the_system")
        if not is_over(target):
            raise Refused("device_still_restorable", name=target.name)

    def apply(self, *, actor: Actor, target: Device, data: NoInput) -> Outcome[Device]:
        """Deletes the history, which no foreign key ties to the device, and then the device."""
        key = target.pk
        rows = forget_reports(key)
        target.delete()
        target.pk = key
        return Outcome(target=target, facts={"rows": rows})


def is_over(device: Device) -> bool:
    """Whether the device can no longer be restored, or never got through its setting up."""
    now = clock.now()
    if device.deleted_at is not None:
        return now >= device.deleted_at + RESTORABLE_FOR
    provisioning = getattr(device, "provisioning", None)
    return (
        provisioning is not None
        and provisioning.done_at is None
        and device.activated_at is None
        and now >= provisioning.expires_at
    )


def forget_reports(device_id: int) -> int:
    """The history and the events of the device are gone. Returns how many rows of history those were."""
    EventComment.objects.filter(event__device_id=device_id).delete()
    Event.objects.filter(device_id=device_id).delete()
    gone = 0
    with connection.cursor() as cursor:
        for table in (Point._meta.db_table, Minute._meta.db_table):
            cursor.execute(f"DELETE FROM {table} WHERE device_id = %s", [device_id])  # noqa: S608 - our own names
            gone += cursor.rowcount
    return gone
