"""Take a secret mail address back."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.messages.permissions import EDIT_PUSH_ADDRESSES
from fleetfolk.messages.pushmail.rules import require_address
from fleetfolk.users.models import User


@dataclass(frozen=True, kw_only=True, slots=True)
class RevokePushAddressInput:
    """The address by its key."""

    address_id: int


class RevokePushAddress(Action[User, RevokePushAddressInput]):
    """Mail to the address is refused from now on. Messages that came by it stay."""

    code = "pushmail.address.revoke"
    label = _("Revoke Push Mail address")
    said = _("revoked a Push Mail address of %(target)s")
    permission = EDIT_PUSH_ADDRESSES
    target_model = "users.User"
    input_type = RevokePushAddressInput

    def check(self, *, actor: Actor, target: User, data: RevokePushAddressInput) -> None:
        """Refuses an address that is not there any more."""
        require_address(target, data.address_id)

    def apply(self, *, actor: Actor, target: User, data: RevokePushAddressInput) -> Outcome[User]:
        """Voids it."""
        address = require_address(target, data.address_id)
        address.revoked_at = clock.now()
        address.save(update_fields=["revoked_at"])
        return Outcome(target=target, facts={"address": address.name, "mails": address.count})
