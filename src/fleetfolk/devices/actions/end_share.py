"""Leave a device that somebody shares with oneself."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.revoke_share import end_given_on
from fleetfolk.devices.models import Device, Share
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT


@dataclass(frozen=True, kw_only=True, slots=True)
class EndShareInput:
    """Which device."""

    device_id: int


class EndShare(Action[User, EndShareInput]):
    """The device is not shared with oneself any more, nor with whom one shared it by that.

    Nobody's leave is needed, and no role.
    """

    code = "device.share.end"
    label = _("Leave device")
    said = _("left %(target)s")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = EndShareInput

    def check(self, *, actor: Actor, target: User, data: EndShareInput) -> None:
        """Refuses a device that is not shared with oneself."""
        share = Share.objects.filter(user=target, device_id=data.device_id).first()
        if share is None:
            raise Refused("share_gone")
        self._share = share

    def apply(self, *, actor: Actor, target: User, data: EndShareInput) -> Outcome[Device]:  # type: ignore[override]
        """Deletes the share, and those that were given on by it."""
        share = self._share
        device = Device.objects.select_related("organization").get(pk=share.device_id)
        level, ended = share.level, end_given_on(share, by=actor)
        share.delete()
        return Outcome(target=device, facts={"level": level, "shares_ended": ended})
