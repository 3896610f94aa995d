"""Give an invitation its secret, when its mail is made."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.models import Invitation, InvitationState
from fleetfolk.users.permissions import INVITE_USERS


@dataclass(frozen=True, kw_only=True, slots=True)
class RotateInvitationInput:
    """The hash of the secret that the mail carries."""

    secret_hash: str


class RotateInvitation(Action[Invitation, RotateInvitationInput]):
    """The invitation answers to a new secret, and counts as sent. Done by the mail job alone."""

    code = "user.invitation.rotate"
    label = _("Make invitation link")
    said = _("made the invitation link of %(target)s")
    permission = INVITE_USERS
    target_model = "users.Invitation"
    input_type = RotateInvitationInput

    def check(self, *, actor: Actor, target: Invitation, data: RotateInvitationInput) -> None:
        """Refuses for invitations that have ended."""
        if target.state in (InvitationState.ACCEPTED, InvitationState.REVOKED, InvitationState.EXPIRED):
            raise Refused("invitation_over")

    def apply(self, *, actor: Actor, target: Invitation, data: RotateInvitationInput) -> Outcome[Invitation]:
        """Stores the hash."""
        target.secret_hash = data.secret_hash
        target.sent_at = clock.now()
        target.save(update_fields=["secret_hash", "sent_at"])
        return Outcome(target=target)
