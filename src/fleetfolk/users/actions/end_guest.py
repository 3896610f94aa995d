"""Leave an organization in which one is a guest."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.accept_guest import GuestInput, facts_of
from fleetfolk.users.guests import own_memberships
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT


class EndGuest(Action[User, GuestInput]):
    """The person holds nothing there any more, from this moment on."""

    code = "guest.end"
    label = _("Leave an organization")
    said = _("left an organization in which they were a guest")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = GuestInput

    def apply(self, *, actor: Actor, target: User, data: GuestInput) -> Outcome[User]:
        """Deletes the membership. Refuses one that is over or somebody else's."""
        guest = own_memberships(target).filter(pk=data.membership_id).select_for_update(of=("self",)).first()
        if guest is None:
            raise Refused("guest_over")
        facts = facts_of(guest)
        guest.delete()
        return Outcome(target=target, facts=facts)
