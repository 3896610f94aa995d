"""Note that an invitation was opened."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.models import Invitation, User
from fleetfolk.users.permissions import OWN_ACCOUNT


@dataclass(frozen=True, kw_only=True, slots=True)
class InvitationSecretInput:
    """The hash of the secret that was presented."""

    secret_hash: str


class ReadInvitation(Action[User, InvitationSecretInput]):
    """The invitation shows as opened, since the first time."""

    code = "user.invitation.read"
    label = _("Open invitation")
    said = _("opened the invitation")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = InvitationSecretInput

    def check(self, *, actor: Actor, target: User, data: InvitationSecretInput) -> None:
        """Denies a secret that is not this person's."""
        if invitation_for(target, data.secret_hash) is None:
            raise Denied("invitation_link")

    def apply(self, *, actor: Actor, target: User, data: InvitationSecretInput) -> Outcome[User]:
        """Stamps the first opening."""
        Invitation.objects.filter(user=target, opened_at__isnull=True).update(opened_at=clock.now())
        return Outcome(target=target)


def invitation_for(target: User, secret_hash: str) -> Invitation | None:
    """The person's invitation, locked, where the secret is its own."""
    if not secret_hash:
        return None
    return Invitation.objects.select_for_update(no_key=True).filter(user=target, secret_hash=secret_hash).first()
