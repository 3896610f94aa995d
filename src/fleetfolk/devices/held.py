"""The devices of one person: owned, or shared with them."""

from dataclasses import dataclass

from django.db.models import Case, When

from fleetfolk.devices.listing import ListedDevice, devices_with
from fleetfolk.devices.models import Device, Hold, Share
from fleetfolk.devices.queries import devices_in
from fleetfolk.kernel.actor import Actor
from fleetfolk.users.models import User


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldDevice:
    """A device that a person holds: their own (``share`` is None), or shared with them."""

    device: ListedDevice
    share: Share | None


def devices_held(actor: Actor, person: User, *, limit: int) -> list[HeldDevice]:
    """What the person owns and what is shared with them now, as far as the actor may see it; own ones first."""
    within = devices_in(actor).filter(Device.held(person.pk, Hold.VIEW))
    own_first = Case(When(owner_id=person.pk, then=0), default=1)
    ids = list(within.order_by(own_first, "name_key", "pk").values_list("pk", flat=True)[:limit])
    shares = {share.device_id: share for share in Share.live(person.pk, Hold.VIEW).filter(device_id__in=ids)}
    return [
        HeldDevice(device=device, share=None if device.owner_id == person.pk else shares.get(device.id))
        for device in devices_with(ids)
    ]


def held_count(actor: Actor, person: User) -> int:
    """How many devices that the actor may see the person holds."""
    return devices_in(actor).filter(Device.held(person.pk, Hold.VIEW)).count()
