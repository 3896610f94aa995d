"""Take a key of one's own out of use."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.api.models import PersonalToken
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenInput:
    """The key."""

    token_id: int


class CancelToken(Action[User, TokenInput]):
    """The key opens nothing from the next request on."""

    code = "user.token.cancel"
    label = _("Revoke own key")
    said = _("revoked a key of their own")
    permission = OWN_ACCOUNT
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


def token_of(person: User, token_id: int) -> PersonalToken:
    """The person's key; refused where they have no such one."""
    token = PersonalToken.objects.filter(user=person, pk=token_id).first()
    if token is None:
        raise Refused("token_gone")
    return token
