"""Undo the deletion of one's own account."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations import limits
from fleetfolk.users.actions.restore_user import end_deletion, require_restorable
from fleetfolk.users.models import User
from fleetfolk.users.models_privacy import Deletion
from fleetfolk.users.permissions import OWN_ACCOUNT


@dataclass(frozen=True, kw_only=True, slots=True)
class UndoSecretInput:
    """The hash of the secret that was presented."""

    secret_hash: str


class RestoreAccount(Action[User, UndoSecretInput]):
    """The account is as it was before its person deleted it. Only who asked themselves has the link."""

    code = "user.account.restore"
    label = _("Restore own account")
    said = _("restored their account")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = UndoSecretInput

    def check(self, *, actor: Actor, target: User, data: UndoSecretInput) -> None:
        """Denies a secret that is not this person's; refuses what cannot be undone any more."""
        if not data.secret_hash or not Deletion.objects.filter(user=target, secret_hash=data.secret_hash).exists():
            raise Denied("undo_link")
        require_restorable(target)
        limits.require(target.tenant_id, "users")

    def apply(self, *, actor: Actor, target: User, data: UndoSecretInput) -> Outcome[User]:
        """Ends the grace period; the link is used up."""
        end_deletion(target)
        return Outcome(target=target)
