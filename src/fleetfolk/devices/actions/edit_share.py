"""Change how far, or until when, a device is shared with somebody."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.changing_hands import require_there
from fleetfolk.devices.actions.revoke_share import end_given_on
from fleetfolk.devices.actions.share_device import require_end
from fleetfolk.devices.models import HOLD_OF, Device, Hold
from fleetfolk.devices.permissions import ORG_DEVICES_SHARE
from fleetfolk.devices.sharing import no_longer_than, require_level, require_share, share_behind
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome, changes_between


@dataclass(frozen=True, kw_only=True, slots=True)
class EditShareInput:
    """Which share of the device, how far it goes from now on, and until when."""

    share_id: int
    level: str
    ends_at: dt.datetime | None = None


class EditShare(Action[Device, EditShareInput]):
    """The share goes so far from now on, and until then."""

    code = "device.share.edit"
    label = _("Change share")
    said = _("changed a share of %(target)s")
    permission = ORG_DEVICES_SHARE
    target_model = "devices.Device"
    input_type = EditShareInput
    personal_facts = frozenset({"email"})

    def check(self, *, actor: Actor, target: Device, data: EditShareInput) -> None:
        """Refuses a share of another device, one that goes as far as the actor's own, and too far a level."""
        require_there(target)
        require_end(data.ends_at)
        require_share(actor, target, data.share_id)
        require_level(actor, target, data.level)

    def apply(self, *, actor: Actor, target: Device, data: EditShareInput) -> Outcome[Device]:
        """Changes the row that every request asks, and what was given on by it.

        Whoever has a whole say stands for the share from now on; it ends with nobody else's.
        """
        share = require_share(actor, target, data.share_id)
        behind = share_behind(actor, target)
        share.through = None if behind is None else share.through
        ends_at = no_longer_than(data.ends_at, behind, share.through)
        changes = changes_between(share, {"level": data.level, "ends_at": ends_at})
        share.level, share.ends_at = data.level, ends_at
        share.save(update_fields=["level", "ends_at", "through"])
        ended = 0 if HOLD_OF[data.level] >= Hold.MANAGE else end_given_on(share, by=actor)
        if ends_at is not None:
            share.given_on.exclude(ends_at__lte=ends_at).update(ends_at=ends_at)
        facts: dict[str, str | int] = {"email": share.address} | ({"shares_ended": ended} if ended else {})
        return Outcome(target=target, changes=changes, facts=facts)
