"""Give a secret mail address another secret."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.messages.permissions import EDIT_PUSH_ADDRESSES
from fleetfolk.messages.pushmail.rules import require_address
from fleetfolk.users.models import User


@dataclass(frozen=True, kw_only=True, slots=True)
class RotatePushAddressInput:
    """The address by its key, and what is kept of its new secret, which the door shows once."""

    address_id: int
    secret_hash: str
    secret_end: str


class RotatePushAddress(Action[User, RotatePushAddressInput]):
    """Mail to the new address arrives; mail to the old one is refused from now on."""

    code = "pushmail.address.rotate"
    label = _("Replace Push Mail address")
    said = _("replaced a Push Mail address of %(target)s")
    permission = EDIT_PUSH_ADDRESSES
    target_model = "users.User"
    input_type = RotatePushAddressInput

    def check(self, *, actor: Actor, target: User, data: RotatePushAddressInput) -> None:
        """Refuses an address that is not there any more."""
        require_address(target, data.address_id)

    def apply(self, *, actor: Actor, target: User, data: RotatePushAddressInput) -> Outcome[User]:
        """Keeps the new hash in place of the old one."""
        address = require_address(target, data.address_id)
        before = address.secret_end
        address.secret_hash, address.secret_end = data.secret_hash, data.secret_end
        address.save(update_fields=["secret_hash", "secret_end"])
        return Outcome(
            target=target, changes=[Change("secret", before, address.secret_end)], facts={"address": address.name}
        )
