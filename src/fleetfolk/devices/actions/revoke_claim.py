"""Take a claimed device back."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.changing_hands import give
from fleetfolk.devices.models import Claim, Device
from fleetfolk.devices.permissions import MANAGE_STATIC_TOKENS
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.mail import notify


class RevokeClaim(Action[Claim, NoInput]):
    """The device is back in the organization that issued its code, without an owner, and the code is good once more."""

    code = "device.claim.revoke"
    label = _("Disclaim device")
    said = _("took %(target)s back")
    permission = MANAGE_STATIC_TOKENS
    target_model = "devices.Claim"
    input_type = NoInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: Claim, data: NoInput) -> None:
        """Refuses what nobody has claimed."""
        if target.claimed_at is None:
            raise Refused("claim_none")

    def apply(self, *, actor: Actor, target: Claim, data: NoInput) -> Outcome[Device]:  # type: ignore[override]
        """Moves the device back; its owner is told."""
        Device.objects.select_for_update(no_key=True, of=("self",)).get(pk=target.device_id)
        device = Device.objects.select_related(*Device.comes_with).get(pk=target.device_id)
        before = (device.owner, device.organization)
        ended = give(device, owner=None, organization=target.organization)
        target.claimed_at = target.claimed_by = None
        target.save(update_fields=["claimed_at", "claimed_by"])
        if before[0] is not None and before[0].pk != actor.user_id:
            about = {"device": device.name, "organization": before[1].name, "by": actor.label}
            notify(before[0], "device_gone", **about)
        changes = [
            Change("organization", before[1].name, target.organization.name),
            Change("owner", str(before[0] or ""), None),
        ]
        changed = [change for change in changes if change.before != change.after]
        return Outcome(target=device, changes=changed, facts={"shares_ended": ended})
