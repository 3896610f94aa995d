"""Give a device another token."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.changing_hands import require_there
from fleetfolk.devices.models import Device
from fleetfolk.devices.permissions import EDIT_DEVICE_TOKENS
from fleetfolk.devices.tokens import Kept
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Change, Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class RotateTokenInput:
    """What is kept of the new token, which the door shows once."""

    token: Kept


class RotateToken(Action[Device, RotateTokenInput]):
    """The device signs in with the new token alone; the old one is refused at its next request."""

    code = "device.token.rotate"
    label = _("Replace auth token")
    said = _("replaced the token of %(target)s")
    permission = EDIT_DEVICE_TOKENS
    target_model = "devices.Device"
    input_type = RotateTokenInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: Device, data: RotateTokenInput) -> None:
        """Refuses a deleted device."""
        require_there(target)

    def apply(self, *, actor: Actor, target: Device, data: RotateTokenInput) -> Outcome[Device]:
        """Keeps the new hash in place of the old one."""
        before = target.token_end
        target.token_hash, target.token_end = data.token.hash, data.token.end
        target.save(update_fields=["token_hash", "token_end"])
        return Outcome(target=target, changes=[Change("token", before, target.token_end)])
