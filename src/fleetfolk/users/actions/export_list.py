"""Take a list of people along."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.models import Organization
from fleetfolk.users.permissions import VIEW_USERS


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportListInput:
    """``filters`` as in the list's address, the names of the columns, and how many people were chosen; 0 is all."""

    filters: str = ""
    columns: str = ""
    chosen: int = 0


class ExportList(Action[Organization, ExportListInput]):
    """Nothing has changed, and it is known who took which part of the list away. The download follows."""

    code = "user.list.export"
    label = _("Export users")
    said = _("downloaded the list of users of %(target)s")
    permission = VIEW_USERS
    target_model = "organizations.Organization"
    input_type = ExportListInput
    risk = Risk.SENSITIVE

    def apply(self, *, actor: Actor, target: Organization, data: ExportListInput) -> Outcome[Organization]:
        """Says what was asked for."""
        return Outcome(target=target, facts={"filters": data.filters, "columns": data.columns, "chosen": data.chosen})
