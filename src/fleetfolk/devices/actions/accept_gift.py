"""Take a device that somebody offers."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.changing_hands import give, require_there, require_usable, tell_both
from fleetfolk.devices.models import Device, Gift
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT


@dataclass(frozen=True, kw_only=True, slots=True)
class GiftInput:
    """Which device."""

    device_id: int


class AcceptGift(Action[User, GiftInput]):
    """The device is the person's and in their organization, as if staff had transferred it. Both sides are told."""

    code = "device.gift.accept"
    label = _("Take offered device")
    said = _("took %(target)s, which was offered")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = GiftInput

    def check(self, *, actor: Actor, target: User, data: GiftInput) -> None:
        """Refuses what is not offered to the person, or not any more."""
        require_gift(target, data.device_id)

    def apply(self, *, actor: Actor, target: User, data: GiftInput) -> Outcome[Device]:  # type: ignore[override]
        """Moves the device. Of an acceptance and a withdrawal at the same moment, the second finds no offer."""
        Device.objects.select_for_update(no_key=True, of=("self",)).get(pk=data.device_id)
        require_gift(target, data.device_id)
        device = Device.objects.select_related(*Device.comes_with).get(pk=data.device_id)
        require_there(device)
        before, home = (device.owner, device.organization), target.organization
        if home.pk != device.organization_id:
            require_usable(device.template_id, home)
        ended = give(device, owner=target, organization=home)
        tell_both(device, before=before, after=(target, home), actor=actor)
        changes = [
            Change("organization", before[1].name, home.name),
            Change("owner", str(before[0]) if before[0] else None, str(target)),
        ]
        changed = [change for change in changes if change.before != change.after]
        return Outcome(target=device, changes=changed, facts={"shares_ended": ended})


def require_gift(person: User, device_id: int) -> Gift:
    """The open offer of the device to the person; refused where there is none."""
    gift = Gift.objects.filter(user=person, device_id=device_id, ends_at__gt=clock.now()).first()
    if gift is None:
        raise Refused("gift_gone")
    return gift
