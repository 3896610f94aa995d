"""Start a job."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.jobs.models import Job, JobState
from fleetfolk.jobs.permissions import VIEW_JOBS
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor, ActorKind
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class StartJobInput:
    """Nothing but the job."""


class StartJob(Action[Job, StartJobInput]):
    """The job is running. One that was killed begins anew where its kind keeps no place to go on from."""

    code = "job.start"
    label = _("Start job")
    said = _("started %(target)s")
    permission = VIEW_JOBS
    target_model = "jobs.Job"
    input_type = StartJobInput

    def check(self, *, actor: Actor, target: Job, data: StartJobInput) -> None:
        """Denies everybody but the worker; refuses for what has ended."""
        if actor.kind is not ActorKind.SYSTEM:
            raise Denied("job_of_the_system")
        if target.is_over:
            raise Refused("job_over")

    def apply(self, *, actor: Actor, target: Job, data: StartJobInput) -> Outcome[Job]:
        """Keeps when."""
        now = clock.now()
        target.state, target.moved_at, target.started_at = JobState.RUNNING, now, target.started_at or now
        target.save(update_fields=["state", "started_at", "moved_at"])
        return Outcome(target=target)
