"""Delete one's own account, with a way back by mail."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.delete_user import begin_deletion, require_not_deleted
from fleetfolk.users.actions.last_admin import keep_an_admin
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT


@dataclass(frozen=True, kw_only=True, slots=True)
class DeleteAccountInput:
    """Whether the address may never be added again."""

    suppress: bool = False


class DeleteAccount(Action[User, DeleteAccountInput]):
    """The person is out at once, and a mail is on its way with a link that undoes it while the days of grace last."""

    code = "user.account.delete"
    label = _("Delete own account")
    said = _("deleted their account")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = DeleteAccountInput
    risk = Risk.IRREVERSIBLE

    def check(self, *, actor: Actor, target: User, data: DeleteAccountInput) -> None:
        """Refuses the last Admin, and whoever is deleted already."""
        require_not_deleted(target)
        keep_an_admin(target)

    def apply(self, *, actor: Actor, target: User, data: DeleteAccountInput) -> Outcome[User]:
        """Starts the grace period and queues the mail."""
        facts = begin_deletion(target, suppress=data.suppress, own=True)
        enqueue("users.send_undo_link", user_id=target.pk, tenant_id=target.tenant_id)
        return Outcome(target=target, facts=facts)
