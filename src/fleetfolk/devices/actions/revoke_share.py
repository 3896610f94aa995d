"""End somebody's share of a device."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.models import Device
from fleetfolk.devices.permissions import ORG_DEVICES_SHARE
from fleetfolk.devices.sharing import require_share
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.mail import notify


@dataclass(frozen=True, kw_only=True, slots=True)
class RevokeShareInput:
    """Which share of the device."""

    share_id: int


class RevokeShare(Action[Device, RevokeShareInput]):
    """The device is not shared with the person any more: their next request is refused, and they are told."""

    code = "device.share.revoke"
    label = _("Revoke share")
    said = _("revoked a share of %(target)s")
    permission = ORG_DEVICES_SHARE
    target_model = "devices.Device"
    input_type = RevokeShareInput
    personal_facts = frozenset({"email"})

    def check(self, *, actor: Actor, target: Device, data: RevokeShareInput) -> None:
        """Refuses a share of another device, and one that goes as far as the actor's own."""
        require_share(actor, target, data.share_id)

    def apply(self, *, actor: Actor, target: Device, data: RevokeShareInput) -> Outcome[Device]:
        """Deletes the row that every request asks."""
        share = require_share(actor, target, data.share_id)
        person, address, level = share.user, share.address, share.level
        share.delete()
        if person.is_active and person.pk != actor.user_id:
            notify(person, "device_unshared", device=target.name, by=actor.label)
        return Outcome(target=target, facts={"email": address, "level": level})
