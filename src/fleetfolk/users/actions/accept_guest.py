"""Accept to be a guest."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.models_guests import Membership
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.guests import own_invitations
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT


@dataclass(frozen=True, kw_only=True, slots=True)
class GuestInput:
    """Which of one's own invitations or memberships."""

    membership_id: int


class AcceptGuest(Action[User, GuestInput]):
    """The person has the role in the organization, until the end that was said."""

    code = "guest.accept"
    label = _("Accept to be a guest")
    said = _("accepted to be a guest")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = GuestInput

    def check(self, *, actor: Actor, target: User, data: GuestInput) -> None:
        """Refuses an invitation that is over, was taken back or is somebody else's."""
        if not own_invitations(target).filter(pk=data.membership_id, organization__archived_at=None).exists():
            raise Refused("guest_invitation_over")

    def apply(self, *, actor: Actor, target: User, data: GuestInput) -> Outcome[User]:
        """Binds the invitation to the person. An earlier membership there gives way."""
        waiting = own_invitations(target).filter(pk=data.membership_id)
        guest = waiting.select_for_update(no_key=True, of=("self",)).first()
        if guest is None:
            raise Refused("guest_invitation_over")
        Membership.objects.filter(organization_id=guest.organization_id, user=target).delete()
        guest.user, guest.accepted_at = target, clock.now()
        guest.save(update_fields=["user", "accepted_at"])
        return Outcome(target=target, facts=facts_of(guest))


def facts_of(guest: Membership) -> dict[str, str | int]:
    """What the log keeps of it: the place, the role and the end."""
    return {
        "organization": guest.organization.name,
        "organization_id": guest.organization_id,
        "role": guest.role.name,
        "until": guest.ends_at.isoformat() if guest.ends_at else "",
    }
