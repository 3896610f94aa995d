"""Let a partner in no more."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.models_guests import Partnership
from fleetfolk.access.permissions import EDIT_PARTNERS
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput


class RevokePartner(Action[Partnership, NoInput]):
    """The partner's people reach nothing of the client any more, from this moment on."""

    code = "partner.revoke"
    label = _("End partner")
    said = _("let the partner %(target)s in no more")
    permission = EDIT_PARTNERS
    target_model = "access.Partnership"
    input_type = NoInput

    def apply(self, *, actor: Actor, target: Partnership, data: NoInput) -> Outcome[Partnership]:
        """Deletes it."""
        key, facts = target.pk, {"client": target.client.name, "mode": target.mode}
        target.delete()
        target.pk = key
        return Outcome(target=target, facts=facts)
