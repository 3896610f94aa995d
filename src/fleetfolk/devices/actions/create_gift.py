"""Offer a device to somebody by their address."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.changing_hands import require_there
from fleetfolk.devices.actions.share_device import account_or_invited
from fleetfolk.devices.models import Device, Gift
from fleetfolk.devices.permissions import TRANSFER_DEVICES
from fleetfolk.devices.sharing import require_invitable
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.mail import notify

LASTS: Final = dt.timedelta(days=14)


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateGiftInput:
    """To whom; ``email`` is a checked, lower-case address."""

    email: str


class CreateGift(Action[Device, CreateGiftInput]):
    """The device is offered to the person, who takes it or does not; until then nothing changes.

    Whoever gives sees no difference between somebody with an account and somebody who is invited for it.
    """

    code = "device.gift.create"
    label = _("Give device away")
    said = _("offered %(target)s to somebody")
    permission = TRANSFER_DEVICES
    target_model = "devices.Device"
    input_type = CreateGiftInput
    personal_facts = frozenset({"email"})

    def check(self, *, actor: Actor, target: Device, data: CreateGiftInput) -> None:
        """Refuses a deleted device, its owner's own address, and a second offer beside one that is open."""
        require_there(target)
        require_invitable(actor, target)
        if target.owner is not None and target.owner.email == data.email:
            raise Refused("gift_owner")
        if Gift.objects.filter(device=target, ends_at__gt=clock.now()).exists():
            raise Refused("gift_open")

    def apply(self, *, actor: Actor, target: Device, data: CreateGiftInput) -> Outcome[Device]:
        """Finds or invites the person, and offers. An offer that was over gives way."""
        person = account_or_invited(actor, target, data.email)
        ends_at = clock.now() + LASTS
        Gift.objects.update_or_create(
            device=target,
            defaults={
                "tenant_id": target.tenant_id,
                "user": person,
                "address": data.email,
                "created_by_id": actor.user_id or 0,
                "created_by_label": actor.label,
                "created_at": clock.now(),
                "ends_at": ends_at,
            },
        )
        if person.is_active:
            notify(person, "device_offered", device=target.name, by=actor.label, days=str(LASTS.days))
        return Outcome(target=target, facts={"email": data.email, "until": ends_at.isoformat()})
