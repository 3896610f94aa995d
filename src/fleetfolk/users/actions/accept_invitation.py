"""Accept an invitation by choosing a password."""

from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.read_invitation import invitation_for
from fleetfolk.users.models import InvitationState, State, User
from fleetfolk.users.password_rules import require_fit
from fleetfolk.users.permissions import OWN_ACCOUNT


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptInvitationInput:
    """The hash of the presented secret, and the password in plain."""

    secret_hash: str
    password: str
    time_zone: str = ""
    language: str = ""


class AcceptInvitation(Action[User, AcceptInvitationInput]):
    """The person has an account with this password; the link is used up."""

    code = "user.invitation.accept"
    label = _("Accept invitation")
    said = _("accepted the invitation")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = AcceptInvitationInput

    def check(self, *, actor: Actor, target: User, data: AcceptInvitationInput) -> None:
        """Refuses a link that is used, revoked, expired or no longer fits who was invited."""
        invitation = invitation_for(target, data.secret_hash)
        if invitation is None:
            raise Denied("invitation_link")
        if target.state != State.PENDING or invitation.state not in (InvitationState.SENT, InvitationState.OPENED):
            raise Refused("invitation_over")
        if not invitation.is_bound_to(target):
            raise Refused("invitation_over")
        with connection.cursor() as cursor:  # Two organizations may have invited the address: one acceptance at a time.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [target.email])
        if User.objects.filter(email=target.email, activated_at__isnull=False).exists():
            raise Refused("invitation_for_account")
        require_fit(data.password, target)

    def apply(self, *, actor: Actor, target: User, data: AcceptInvitationInput) -> Outcome[User]:
        """Makes the account."""
        now = clock.now()
        target.set_password(data.password)
        target.activated_at = now
        target.time_zone = target.time_zone or data.time_zone
        target.language = target.language or data.language
        target.session_epoch += 1
        target.save(update_fields=["password", "activated_at", "time_zone", "language", "session_epoch"])
        target.invitation.accepted_at = now
        target.invitation.opened_at = target.invitation.opened_at or now
        target.invitation.secret_hash = ""
        target.invitation.save(update_fields=["accepted_at", "opened_at", "secret_hash"])
        return Outcome(target=target, facts={"email": target.email})
