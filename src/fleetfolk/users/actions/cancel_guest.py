"""Say no to an invitation as a guest."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.accept_guest import GuestInput, facts_of
from fleetfolk.users.guests import own_invitations
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT


class CancelGuest(Action[User, GuestInput]):
    """The invitation is gone."""

    code = "guest.cancel"
    label = _("Decline to be a guest")
    said = _("declined to be a guest")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = GuestInput

    def apply(self, *, actor: Actor, target: User, data: GuestInput) -> Outcome[User]:
        """Deletes it. Refuses one that is over, was taken back or is somebody else's."""
        guest = own_invitations(target).filter(pk=data.membership_id).select_for_update(of=("self",)).first()
        if guest is None:
            raise Refused("guest_invitation_over")
        facts = facts_of(guest)
        guest.delete()
        return Outcome(target=target, facts=facts)
