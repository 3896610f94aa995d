"""Change what a secret mail address is called, until when it takes mail, and whose."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Change, Outcome, readable
from fleetfolk.messages.permissions import EDIT_PUSH_ADDRESSES
from fleetfolk.messages.pushmail.rules import clean_senders, require_address, require_end_ahead, require_name_free
from fleetfolk.users.models import User


@dataclass(frozen=True, kw_only=True, slots=True)
class EditPushAddressInput:
    """The address by its key, and everything about it as it is to be."""

    address_id: int
    name: str
    ends_at: dt.datetime | None = None
    allowed_senders: Sequence[str] = ()


class EditPushAddress(Action[User, EditPushAddressInput]):
    """The address is as given; its secret stays."""

    code = "pushmail.address.edit"
    label = _("Edit Push Mail address")
    said = _("edited a Push Mail address of %(target)s")
    permission = EDIT_PUSH_ADDRESSES
    target_model = "users.User"
    input_type = EditPushAddressInput

    def check(self, *, actor: Actor, target: User, data: EditPushAddressInput) -> None:
        """Refuses an address that is not there any more, a name that is taken, and a new end that is over."""
        address = require_address(target, data.address_id)
        require_name_free(target, data.name, besides=address.pk)
        if data.ends_at != address.ends_at:
            require_end_ahead(data.ends_at)
        clean_senders(data.allowed_senders)

    def apply(self, *, actor: Actor, target: User, data: EditPushAddressInput) -> Outcome[User]:
        """Saves what differs."""
        address = require_address(target, data.address_id)
        values = {
            "name": data.name.strip(),
            "ends_at": data.ends_at,
            "allowed_senders": clean_senders(data.allowed_senders),
        }
        before = {name: getattr(address, name) for name in values}
        changed = [name for name, value in values.items() if before[name] != value]
        for name in changed:
            setattr(address, name, values[name])
        if changed:
            address.save(update_fields=changed)
        return Outcome(
            target=target,
            changes=[Change(name, _shown(before[name]), _shown(values[name])) for name in changed],
            facts={"address": address.name},
        )


def _shown(value: object) -> str | int | float | bool | None:
    return ", ".join(value) if isinstance(value, list) else readable(value)
