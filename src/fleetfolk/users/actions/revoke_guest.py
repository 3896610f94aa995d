"""End what a guest may do."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.models_guests import Membership
from fleetfolk.access.permissions import EDIT_GUESTS
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.mail import notify


class RevokeGuest(Action[Membership, NoInput]):
    """The guest holds nothing there any more, from this moment on; an invitation is void. Their account stays."""

    code = "guest.revoke"
    label = _("End guest")
    said = _("ended what the guest %(target)s may do")
    permission = EDIT_GUESTS
    target_model = "access.Membership"
    input_type = NoInput

    def apply(self, *, actor: Actor, target: Membership, data: NoInput) -> Outcome[Membership]:
        """Deletes it, and tells whoever was in."""
        key, facts = target.pk, {"role": target.role.name, "organization": target.organization.name}
        if target.user is not None:
            notify(target.user, "guest_revoked", by=actor.label, organization=target.organization.name)
        target.delete()
        target.pk = key
        return Outcome(target=target, facts=facts)
