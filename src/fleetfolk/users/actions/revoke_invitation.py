"""Take an invitation back."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.actions.send_invitation import require_invitable
from fleetfolk.users.models import Invitation, User
from fleetfolk.users.permissions import INVITE_USERS


class RevokeInvitation(Action[User, NoInput]):
    """The link no longer works. The person stays in the list as Pending, until invited again or deleted."""

    code = "user.invitation.revoke"
    label = _("Revoke invitation")
    said = _("revoked the invitation of %(target)s")
    permission = INVITE_USERS
    target_model = "users.User"
    input_type = NoInput

    def check(self, *, actor: Actor, target: User, data: NoInput) -> None:
        """Refuses for whoever is not pending, and denies a role that the actor could not give."""
        require_invitable(actor, target)

    def apply(self, *, actor: Actor, target: User, data: NoInput) -> Outcome[User]:
        """Voids the link."""
        Invitation.objects.filter(user=target).update(revoked_at=clock.now(), secret_hash="")
        return Outcome(target=target, facts={"email": target.email})
