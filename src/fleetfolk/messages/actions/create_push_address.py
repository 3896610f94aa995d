"""Give a person a secret mail address."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.messages.permissions import EDIT_PUSH_ADDRESSES
from fleetfolk.messages.pushmail.models import PushAddress
from fleetfolk.messages.pushmail.rules import (
    clean_senders,
    require_end_ahead,
    require_mailable,
    require_name_free,
    require_room,
)
from fleetfolk.users.models import User


@dataclass(frozen=True, kw_only=True, slots=True)
class CreatePushAddressInput:
    """What it is called, until when it takes mail and whose, and what is kept of the secret that the door shows once.

    ``allowed_senders`` are addresses and domains; none is everybody.
    """

    name: str
    secret_hash: str
    secret_end: str
    ends_at: dt.datetime | None = None
    allowed_senders: Sequence[str] = ()


class CreatePushAddress(Action[User, CreatePushAddressInput]):
    """Mail to the new address becomes messages to the person."""

    code = "pushmail.address.create"
    label = _("Create Push Mail address")
    said = _("gave a Push Mail address to %(target)s")
    permission = EDIT_PUSH_ADDRESSES
    target_model = "users.User"
    input_type = CreatePushAddressInput

    def check(self, *, actor: Actor, target: User, data: CreatePushAddressInput) -> None:
        """Refuses for whoever has no account that works, a name that is taken, and an end that is over."""
        require_mailable(target)
        require_room(target)
        require_name_free(target, data.name)
        require_end_ahead(data.ends_at)
        clean_senders(data.allowed_senders)

    def apply(self, *, actor: Actor, target: User, data: CreatePushAddressInput) -> Outcome[User]:
        """Keeps the hash."""
        PushAddress.objects.create(
            tenant_id=target.tenant_id,
            user=target,
            name=data.name.strip(),
            secret_hash=data.secret_hash,
            secret_end=data.secret_end,
            ends_at=data.ends_at,
            allowed_senders=clean_senders(data.allowed_senders),
            created_by_id=actor.user_id or 0,
            created_by_label=actor.label,
            created_at=clock.now(),
        )
        until = data.ends_at.isoformat() if data.ends_at else None
        return Outcome(target=target, facts={"address": data.name.strip(), "until": until})
