"""End a job."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from fleetfolk.jobs.models import Job, JobState
from fleetfolk.jobs.permissions import VIEW_JOBS
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor, ActorKind
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class EndJobInput:
    """How it ended: done, cancelled or failed, and for the last the code of the reason and what its sentence names."""

    state: JobState
    failure: str = ""
    failure_values: Mapping[str, str | int] = field(default_factory=dict)


class EndJob(Action[Job, EndJobInput]):
    """The job is over, and the log says how it went."""

    code = "job.end"
    label = _("End job")
    said = _("ended %(target)s")
    permission = VIEW_JOBS
    target_model = "jobs.Job"
    input_type = EndJobInput

    def check(self, *, actor: Actor, target: Job, data: EndJobInput) -> None:
        """Denies everybody but the worker; refuses for what has ended."""
        if actor.kind is not ActorKind.SYSTEM:
            raise Denied("job_of_the_system")
        if target.is_over:
            raise Refused("job_over")

    def apply(self, *, actor: Actor, target: Job, data: EndJobInput) -> Outcome[Job]:
        """Keeps how and when."""
        target.state, target.finished_at = data.state, clock.now()
        target.failure, target.failure_values = data.failure, dict(data.failure_values)
        target.save(update_fields=["state", "finished_at", "failure", "failure_values"])
        counts = {name: count for name, count in target.counts.items() if isinstance(count, int)}
        return Outcome(target=target, facts={"state": str(data.state), "reason": data.failure, **counts})
