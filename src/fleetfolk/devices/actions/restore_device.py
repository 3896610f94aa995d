"""Restore a deleted device."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.models import RESTORABLE_FOR, Device
from fleetfolk.devices.permissions import ORG_DEVICES_DELETE
from fleetfolk.devices.sides import may_restore, require_undoable
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations import limits
from fleetfolk.users.actions.no_input import NoInput


class RestoreDevice(Action[Device, NoInput]):
    """The device is as it was before it was deleted, with its token, owner, shares and all that it reported."""

    code = "device.restore"
    label = _("Restore device")
    said = _("restored %(target)s")
    permission = ORG_DEVICES_DELETE
    target_model = "devices.Device"
    input_type = NoInput

    def check(self, *, actor: Actor, target: Device, data: NoInput) -> None:
        """Refuses what is not deleted, what its organization deleted and others would undo, and what is about to go."""
        if target.deleted_at is None:
            raise Refused("device_not_deleted", name=target.name)
        require_undoable(may_restore(actor, target), target)
        if clock.now() >= target.deleted_at + RESTORABLE_FOR:
            raise Refused("device_restore_over")
        limits.require(target.tenant_id, "devices")

    def apply(self, *, actor: Actor, target: Device, data: NoInput) -> Outcome[Device]:
        """Ends the days of grace."""
        target.deleted_at, target.deleted_by_organization = None, False
        target.save(update_fields=["deleted_at", "deleted_by_organization"])
        return Outcome(target=target)
