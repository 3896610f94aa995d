"""Cancel a job."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.jobs.models import Job, JobState
from fleetfolk.jobs.permissions import VIEW_JOBS
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class CancelJobInput:
    """Nothing but the job."""


class CancelJob(Action[Job, CancelJobInput]):
    """The job stops after the chunk it is at; what it did so far stays."""

    code = "job.cancel"
    label = _("Cancel job")
    said = _("cancelled %(target)s")
    permission = VIEW_JOBS
    target_model = "jobs.Job"
    input_type = CancelJobInput

    def check(self, *, actor: Actor, target: Job, data: CancelJobInput) -> None:
        """Refuses for what has ended."""
        if target.is_over:
            raise Refused("job_over")

    def apply(self, *, actor: Actor, target: Job, data: CancelJobInput) -> Outcome[Job]:
        """Asks the running job to stop; what has not begun is over at once."""
        now = clock.now()
        target.cancel_requested_at = now
        if target.state != JobState.RUNNING:
            target.state, target.finished_at = JobState.CANCELLED, now
        target.save(update_fields=["cancel_requested_at", "state", "finished_at"])
        return Outcome(target=target)
