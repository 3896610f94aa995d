"""With whom a device is shared, and what one who shares may give and take."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import Grant, grants_of
from fleetfolk.access.models import BuiltinRole, Role
from fleetfolk.access.models_switches import held_at
from fleetfolk.devices.models import HOLD_OF, Device, Hold, Share, ShareLevel
from fleetfolk.devices.permissions import ORG_DEVICES_SHARE
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.users.models import User
from fleetfolk.users.permissions import VIEW_USERS

LEVELS = (ShareLevel.VIEW, ShareLevel.CONTROL, ShareLevel.MANAGE)

_OWN_RIGHTS = ".own."
"""In the code of every right over what one holds oneself, which gives nobody anything of others."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shared:
    """A share as the viewer may know it: who it is by name only for those who see people there, and by address and
    by who shared it for those who share the device themselves. ``address`` and ``by`` are empty for others."""

    share: Share
    name: str
    address: str
    by: str
    person_id: int | None
    may_change: bool
    mine: bool


def has_whole_say(actor: Actor, device: Device, grants: Sequence[Grant] | None = None) -> bool:
    """Whether the actor shares the device as its owner or as staff, and not by a share of their own."""
    if device.owner_id is not None and device.owner_id == actor.user_id:
        return True
    held = grants_of(actor) if grants is None else grants
    return any(ORG_DEVICES_SHARE.code in grant.permissions and grant.reaches(device.path) for grant in held)


def levels_to_give(actor: Actor, device: Device) -> tuple[ShareLevel, ...]:
    """How far the actor may let others: whoever manages the device by a share does not pass that on."""
    return LEVELS if has_whole_say(actor, device) else LEVELS[:2]


def knows_owner(actor: Actor, device: Device) -> bool:
    """Whether the actor is the device's owner, or sees them with their address."""
    owner = device.owner
    return owner is not None and (owner.pk == actor.user_id or GATE.decide(actor, VIEW_USERS, owner).allowed)


def share_behind(actor: Actor, device: Device) -> Share | None:
    """The share by which the actor shares the device; None where they have a whole say."""
    if actor.user_id is None or has_whole_say(actor, device):
        return None
    return Share.live(actor.user_id, Hold.MANAGE).filter(device=device).first()


def no_longer_than(ends_at: dt.datetime | None, *behind: Share | None) -> dt.datetime | None:
    """The end, or that of a share behind it where it comes sooner."""
    ends = [end for end in (ends_at, *(share.ends_at for share in behind if share)) if end is not None]
    return min(ends, default=None)


def require_level(actor: Actor, device: Device, level: str) -> None:
    """Refuses a level that the actor may not give."""
    if level not in levels_to_give(actor, device):
        raise Refused("share_level")


def require_share(actor: Actor, device: Device, share_id: int) -> Share:
    """The share of this device; refused where there is none, or where it goes as far as the actor's own."""
    share = Share.objects.select_related("user").filter(device=device, pk=share_id).first()
    if share is None:
        raise Refused("share_gone")
    if HOLD_OF[share.level] >= Hold.MANAGE and not has_whole_say(actor, device):
        raise Refused("share_of_more")
    return share


def require_invitable(actor: Actor, device: Device) -> Role:
    """The role in which somebody without an account joins the device's organization to see it.

    Refused where that role holds rights over others which the actor does not hold there: whoever shares could invite
    themselves into them. Asked for every address, so that the answer tells nothing of who has an account.
    """
    role: Role = Role.objects.get(tenant_id=device.tenant_id, builtin=BuiltinRole.USER)
    beyond = {code for code in held_at(role, device.path) if _OWN_RIGHTS not in code}
    held = [grant for grant in grants_of(actor) if grant.reaches(device.path)]
    if beyond and not any(beyond <= grant.permissions for grant in held):
        raise Refused("share_role")
    return role


def shares_of(actor: Actor, device: Device) -> list[Shared]:
    """Everybody with whom the device is shared, the newest last, as the actor may know them. Ended shares are gone."""
    grants = grants_of(actor)
    whole_say = has_whole_say(actor, device, grants)
    shares = list(live_shares(device).select_related("user"))
    people = User.objects.filter(pk__in=[share.user_id for share in shares])
    seen = set(
        GATE.within_reach(people, actor=actor, permission=VIEW_USERS, grants=grants).values_list("pk", flat=True)
    )
    may = GATE.decide(actor, ORG_DEVICES_SHARE, device, grants).allowed
    return [
        Shared(
            share=share,
            name=str(share.user) if share.user_id in seen else "",
            address=share.address if may or share.user_id in seen | {actor.user_id} else "",
            by=share.created_by_label if may or share.user_id in seen | {actor.user_id} else "",
            person_id=share.user_id if share.user_id in seen else None,
            may_change=may and (whole_say or HOLD_OF[share.level] < Hold.MANAGE),
            mine=share.user_id == actor.user_id,
        )
        for share in shares
    ]


def live_shares(device: Device) -> QuerySet[Share]:
    """The device's shares that have not ended."""
    return Share.objects.filter(device=device).exclude(ends_at__lte=clock.now()).order_by("pk")
