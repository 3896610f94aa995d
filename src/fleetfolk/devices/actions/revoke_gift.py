"""Take an offer of a device back."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.models import Device, Gift
from fleetfolk.devices.permissions import TRANSFER_DEVICES
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput


class RevokeGift(Action[Device, NoInput]):
    """Nobody is offered the device any more."""

    code = "device.gift.revoke"
    label = _("Take offer back")
    said = _("took the offer of %(target)s back")
    permission = TRANSFER_DEVICES
    target_model = "devices.Device"
    input_type = NoInput
    personal_facts = frozenset({"email"})

    def check(self, *, actor: Actor, target: Device, data: NoInput) -> None:
        """Refuses where there is no offer: it may have been taken a moment ago."""
        if not Gift.objects.filter(device=target).exists():
            raise Refused("gift_gone")

    def apply(self, *, actor: Actor, target: Device, data: NoInput) -> Outcome[Device]:
        """Deletes the offer."""
        gift = Gift.objects.get(device=target)
        gift.delete()
        return Outcome(target=target, facts={"email": gift.address})
