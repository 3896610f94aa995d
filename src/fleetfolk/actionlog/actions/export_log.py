"""Take entries out of the log."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.actionlog.permissions import VIEW_ACTION_LOG
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.models import Organization


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportLogInput:
    """``period`` and ``filters`` in words, as the log keeps them."""

    period: str
    filters: str = ""


class ExportLog(Action[Organization, ExportLogInput]):
    """Nothing has changed, and it is known who took which part of the log away. The download follows."""

    code = "log.export"
    label = _("Export action log")
    said = _("downloaded the action log of %(target)s")
    permission = VIEW_ACTION_LOG
    target_model = "organizations.Organization"
    input_type = ExportLogInput
    risk = Risk.SENSITIVE

    def apply(self, *, actor: Actor, target: Organization, data: ExportLogInput) -> Outcome[Organization]:
        """Says what was asked for."""
        return Outcome(target=target, facts={"period": data.period, "filters": data.filters})
