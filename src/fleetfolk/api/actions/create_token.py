"""Make a key of one's own."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from fleetfolk.api.models import NAME_LENGTH, PersonalToken
from fleetfolk.api.scopes import complete
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Fact, Outcome
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT

MOST: Final = 50
LONGEST: Final = dt.timedelta(days=366)
LONGEST_SENSITIVE: Final = dt.timedelta(days=91)
SHORTEST: Final = dt.timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateTokenInput:
    """What it is called, what is kept of its secret, how far it goes and until when."""

    name: str
    secret_hash: str
    secret_end: str
    scopes: Sequence[str]
    expires_at: dt.datetime
    sensitive: bool = False


class CreateToken(Action[User, CreateTokenInput]):
    """Programs that bring the key act as the person, within its scopes, until it ends."""

    code = "user.token.create"
    label = _("Make own key")
    said = _("made a key of their own")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = CreateTokenInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: User, data: CreateTokenInput) -> None:
        """Refuses a name that is there, an end too far away, and rights that no key has."""
        require_name(data.name)
        if PersonalToken.objects.filter(user=target, name=data.name).exists():
            raise Refused("token_name_taken", name=data.name)
        if PersonalToken.objects.filter(user=target).count() >= MOST:
            raise Refused("token_many", most=MOST)
        lasts = data.expires_at - clock.now()
        if not SHORTEST <= lasts <= (LONGEST_SENSITIVE if data.sensitive else LONGEST):
            raise Refused("token_end", days=LONGEST_SENSITIVE.days - 1)
        if complete(data.scopes) is None:
            raise Refused("token_scopes")

    def apply(self, *, actor: Actor, target: User, data: CreateTokenInput) -> Outcome[User]:
        """Keeps it."""
        scopes = complete(data.scopes) or []
        PersonalToken.objects.create(
            tenant_id=target.tenant_id,
            user=target,
            name=data.name,
            secret_hash=data.secret_hash,
            secret_end=data.secret_end,
            scopes=scopes,
            sensitive=data.sensitive,
            session_epoch=target.session_epoch,
            created_at=clock.now(),
            expires_at=data.expires_at,
        )
        until = data.expires_at.isoformat()
        facts: dict[str, Fact] = {"key": data.name, "rights": len(scopes), "sensitive": data.sensitive, "until": until}
        return Outcome(target=target, facts=facts)


def require_name(name: str) -> None:
    """Refuses what is no name."""
    if not name.strip() or len(name) > NAME_LENGTH:
        raise Refused("token_name", most=NAME_LENGTH)
