"""Take somebody's key out of use."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.api.actions.cancel_token import TokenInput, token_of
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.models import User
from fleetfolk.users.permissions import MANAGE_CREDENTIALS


class RevokeToken(Action[User, TokenInput]):
    """The key opens nothing from the next request on."""

    code = "user.token.revoke"
    label = _("Revoke a person's key")
    said = _("revoked a key of %(target)s")
    permission = MANAGE_CREDENTIALS
    target_model = "users.User"
    input_type = TokenInput

    def check(self, *, actor: Actor, target: User, data: TokenInput) -> None:
        """Refuses what is no key of theirs."""
        token_of(target, data.token_id)

    def apply(self, *, actor: Actor, target: User, data: TokenInput) -> Outcome[User]:
        """Removes it."""
        token = token_of(target, data.token_id)
        token.delete()
        return Outcome(target=target, facts={"key": token.name})
