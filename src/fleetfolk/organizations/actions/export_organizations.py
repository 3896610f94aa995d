"""Take the list of organizations along."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.permissions import VIEW_ORGANIZATIONS


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportOrganizationsInput:
    """``filters`` as in the list's address."""

    filters: str = ""


class ExportOrganizations(Action[Organization, ExportOrganizationsInput]):
    """Nothing has changed, and it is known who took which part of the list away. The download follows."""

    code = "organization.list.export"
    label = _("Export organizations")
    said = _("downloaded the list of organizations of %(target)s")
    permission = VIEW_ORGANIZATIONS
    target_model = "organizations.Organization"
    input_type = ExportOrganizationsInput

    def apply(self, *, actor: Actor, target: Organization, data: ExportOrganizationsInput) -> Outcome[Organization]:
        """Says what was asked for."""
        return Outcome(target=target, facts={"filters": data.filters})
