"""Accept an invitation by signing in with the organization's provider."""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.create_identity import IdentityInput, link, require_claim
from fleetfolk.users.models import State, User
from fleetfolk.users.permissions import OWN_ACCOUNT


class AcceptIdentity(Action[User, IdentityInput]):
    """The invited person has an account without a password, linked with the provider; the invitation is used up."""

    code = "user.identity.accept"
    label = _("Accept invitation by the provider")
    said = _("accepted the invitation by the provider")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = IdentityInput

    def check(self, *, actor: Actor, target: User, data: IdentityInput) -> None:
        """Refuses an invitation that is over, and what the provider does not answer for."""
        require_claim(target, data)
        invitation = getattr(target, "invitation", None)
        fits = invitation is not None and invitation.is_open and invitation.is_bound_to(target)
        if target.state != State.PENDING or not fits:
            raise Refused("invitation_over")
        require_no_other(target.email, Refused("invitation_for_account"))

    def apply(self, *, actor: Actor, target: User, data: IdentityInput) -> Outcome[User]:
        """Makes the account."""
        now = clock.now()
        target.set_unusable_password()
        target.activated_at = now
        target.session_epoch += 1
        target.save(update_fields=["password", "activated_at", "session_epoch"])
        target.invitation.accepted_at = now
        target.invitation.opened_at = target.invitation.opened_at or now
        target.invitation.secret_hash = ""
        target.invitation.save(update_fields=["accepted_at", "opened_at", "secret_hash"])
        sso = link(target, data)
        return Outcome(target=target, facts={"email": target.email, "provider": str(sso)})


def require_no_other(email: str, refusal: Refused) -> None:
    """Refuses so an address that has an account. Until the transaction ends, nobody else makes one for it."""
    with connection.cursor() as cursor:  # The lock under which invitations and sign-ups are accepted, too.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [email])
    if User.objects.filter(email=email, activated_at__isnull=False).exists():
        raise refusal
