"""End single sign-on of an organization."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.permissions import ACCESS_SETTINGS
from fleetfolk.users.actions.edit_sso import require_all_rights
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models_sso import SingleSignOn


class DeleteSso(Action[Organization, NoInput]):
    """Nobody signs in by the provider any more, and who was who there is forgotten.

    Whoever has no password sets one, by a link from their mail.
    """

    code = "organization.sso.delete"
    label = _("End single sign-on")
    said = _("ended single sign-on at %(target)s")
    permission = ACCESS_SETTINGS
    target_model = "organizations.Organization"
    input_type = NoInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: Organization, data: NoInput) -> None:
        """Refuses where there is none."""
        require_all_rights(actor, target)
        if not SingleSignOn.objects.filter(organization=target).exists():
            raise Refused("sso_none")

    def apply(self, *, actor: Actor, target: Organization, data: NoInput) -> Outcome[Organization]:
        """Removes it with its domains and identities."""
        row = SingleSignOn.objects.get(organization=target)
        people = row.identities.count()
        row.delete()
        return Outcome(target=target, facts={"issuer": row.issuer, "people": people})
