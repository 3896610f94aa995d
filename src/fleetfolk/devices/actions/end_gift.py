"""Do not take a device that somebody offers."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.accept_gift import GiftInput, require_gift
from fleetfolk.devices.models import Device
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.mail import notify
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT


class EndGift(Action[User, GiftInput]):
    """The device is not offered any more, and stays where it is. Whoever offered it is told."""

    code = "device.gift.end"
    label = _("Decline offered device")
    said = _("declined %(target)s")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = GiftInput

    def check(self, *, actor: Actor, target: User, data: GiftInput) -> None:
        """Refuses what is not offered to the person."""
        require_gift(target, data.device_id)

    def apply(self, *, actor: Actor, target: User, data: GiftInput) -> Outcome[Device]:  # type: ignore[override]
        """Deletes the offer."""
        gift = require_gift(target, data.device_id)
        device = Device.objects.select_related("organization").get(pk=gift.device_id)
        giver = User.objects.filter(pk=gift.created_by_id, tenant_id=target.tenant_id, is_active=True).first()
        gift.delete()
        if giver is not None:
            notify(giver, "device_declined", device=device.name, address=gift.address)
        return Outcome(target=device)
