"""Erase what a job keeps of people."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.jobs.models import Job, JobState, Problem, Target
from fleetfolk.jobs.permissions import VIEW_JOBS
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor, ActorKind
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Outcome

REPORT_KEPT_FOR = dt.timedelta(days=7)
DRAFT_KEPT_FOR = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class EraseReportInput:
    """Nothing but the job."""


class EraseReport(Action[Job, EraseReportInput]):
    """The job keeps its figures and no row of its input any more. A draft is cancelled."""

    code = "job.report.erase"
    label = _("Erase report")
    said = _("erased the report of %(target)s")
    permission = VIEW_JOBS
    target_model = "jobs.Job"
    input_type = EraseReportInput

    def check(self, *, actor: Actor, target: Job, data: EraseReportInput) -> None:
        """Denies everybody but the caretaker; refuses what is running or younger than seven days, a draft than one."""
        if actor.kind is not ActorKind.SYSTEM:
            raise Denied("job_of_the_system")
        now = clock.now()
        if target.state == JobState.DRAFT:
            over = target.created_at <= now - DRAFT_KEPT_FOR
        else:
            over = target.finished_at is not None and target.finished_at <= now - REPORT_KEPT_FOR
        if not over:
            raise Refused("job_still_needed")

    def apply(self, *, actor: Actor, target: Job, data: EraseReportInput) -> Outcome[Job]:
        """Deletes the rows that were left out, and who was chosen."""
        erased, _per_model = Problem.objects.filter(job=target).delete()
        Target.objects.filter(job=target).delete()
        now = clock.now()
        if target.state == JobState.DRAFT:
            target.state, target.finished_at = JobState.CANCELLED, now
        target.report_erased_at = now
        target.save(update_fields=["state", "finished_at", "report_erased_at"])
        return Outcome(target=target, facts={"rows": erased})
