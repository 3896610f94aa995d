"""Unlink a person from the organization's provider."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.models import User
from fleetfolk.users.models_sso import SsoIdentity
from fleetfolk.users.open_sessions import end_open_sessions
from fleetfolk.users.permissions import MANAGE_CREDENTIALS


@dataclass(frozen=True, kw_only=True, slots=True)
class RevokeIdentityInput:
    """Which of the target's links."""

    identity_id: int


class RevokeIdentity(Action[User, RevokeIdentityInput]):
    """Whoever the provider called so is nobody here any more, and every session of the person is ended.

    Signing in by the provider once more links them anew, by their address.
    """

    code = "user.identity.revoke"
    label = _("Unlink from the provider")
    said = _("unlinked %(target)s from the provider")
    permission = MANAGE_CREDENTIALS
    target_model = "users.User"
    input_type = RevokeIdentityInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: User, data: RevokeIdentityInput) -> None:
        """Refuses what is no link of the person."""
        if not SsoIdentity.objects.filter(user=target, pk=data.identity_id).exists():
            raise Refused("no_such_identity")

    def apply(self, *, actor: Actor, target: User, data: RevokeIdentityInput) -> Outcome[User]:
        """Removes it."""
        row = SsoIdentity.objects.select_related("sso__organization").get(user=target, pk=data.identity_id)
        row.delete()
        end_open_sessions(target)
        target.save(update_fields=["session_epoch"])
        return Outcome(target=target, facts={"provider": str(row.sso), "sessions_ended": True})
