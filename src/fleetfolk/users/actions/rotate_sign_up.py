"""Give an organization another link for signing up."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.permissions import ACCESS_SETTINGS
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models_signup import Registration, SignUp
from fleetfolk.users.signing_up import new_key


class RotateSignUp(Action[Organization, NoInput]):
    """The organization's link is another one. The old one leads nowhere, nor do the mails that were asked for by it."""

    code = "organization.signup.rotate"
    label = _("Change the sign-up link")
    said = _("changed the sign-up link of %(target)s")
    permission = ACCESS_SETTINGS
    target_model = "organizations.Organization"
    input_type = NoInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: Organization, data: NoInput) -> None:
        """Refuses where there is no link."""
        if not SignUp.objects.filter(organization=target).exists():
            raise Refused("sign_up_no_link")

    def apply(self, *, actor: Actor, target: Organization, data: NoInput) -> Outcome[Organization]:
        """Another key; who has not confirmed their address begins anew."""
        SignUp.objects.filter(organization=target).update(key=new_key())
        ended, _each = Registration.objects.filter(organization=target, confirmed_at=None).delete()
        return Outcome(target=target, facts={"ended": ended})
