"""End somebody's share of a device."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.models import Device, Share
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
    """The device is not shared with the person any more: their next request is refused, and they are told.

    So is everybody with whom that person shared it by this share: theirs end, too.
    """

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
        """Deletes the row that every request asks, and those that were given on by it."""
        share = require_share(actor, target, data.share_id)
        person, address, level = share.user, share.address, share.level
        ended = end_given_on(share, by=actor)
        share.delete()
        if person.is_active and person.pk != actor.user_id:
            notify(person, "device_unshared", device=target.name, by=actor.label)
        return Outcome(target=target, facts={"email": address, "level": level, "shares_ended": ended})


def end_given_on(share: Share, *, by: Actor) -> int:
    """What the share's holder gave on by it has ended, and those people are told. How many shares that were."""
    given = list(share.given_on.select_related("user", "device"))
    for each in given:
        each.delete()
        if each.user.is_active and each.user_id != by.user_id:
            notify(each.user, "device_unshared", device=each.device.name, by=by.label)
    return len(given)
