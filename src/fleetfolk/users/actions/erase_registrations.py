"""Erase sign-ups that came to nothing."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.models import Organization
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.actions.start_registration import require_doorkeeper
from fleetfolk.users.models_signup import Registration
from fleetfolk.users.permissions import INVITE_USERS


class EraseRegistrations(Action[Organization, NoInput]):
    """No address is kept in the tenant that was not confirmed in time, and nobody who waited too long."""

    code = "user.registration.erase"
    label = _("Erase old sign-ups")
    said = _("erased sign-ups of %(target)s that came to nothing")
    permission = INVITE_USERS
    target_model = "organizations.Organization"
    input_type = NoInput

    def check(self, *, actor: Actor, target: Organization, data: NoInput) -> None:
        """Denies everybody but the installation."""
        require_doorkeeper(actor)

    def apply(self, *, actor: Actor, target: Organization, data: NoInput) -> Outcome[Organization]:
        """Deletes the rows whose time is over."""
        over = Registration.objects.filter(tenant_id=target.tenant_id, user=None, expires_at__lte=clock.now())
        count, _each = over.delete()
        return Outcome(target=target, facts={"sign_ups": count})
