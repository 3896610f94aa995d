"""Take a report about people along."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.jobs.models import Job, JobState
from fleetfolk.jobs.permissions import VIEW_JOBS
from fleetfolk.jobs.queries import may_read_report
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportReportInput:
    """Nothing but the job."""


class ExportReport(Action[Job, ExportReportInput]):
    """Nothing has changed, and it is known who took which report away. The download follows."""

    code = "job.report.export"
    label = _("Download report")
    said = _("downloaded the report of %(target)s")
    permission = VIEW_JOBS
    target_model = "jobs.Job"
    input_type = ExportReportInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: Job, data: ExportReportInput) -> None:
        """Denies whoever may see the job and not its rows; refuses where there are none yet, or none any more."""
        if not may_read_report(actor, target):
            raise Denied("report_not_readable")
        if target.state == JobState.DRAFT or target.report_erased_at is not None:
            raise Refused("report_gone")

    def apply(self, *, actor: Actor, target: Job, data: ExportReportInput) -> Outcome[Job]:
        """Says how many it was about."""
        return Outcome(target=target, facts={"count": target.total})
