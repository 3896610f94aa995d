"""Start an act on many."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from fleetfolk.jobs.acting import asked_by, started_by
from fleetfolk.jobs.actions.create_bulk import require_act
from fleetfolk.jobs.bulk import WORD, act_of_job
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.jobs.permissions import VIEW_JOBS
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class StartBulkInput:
    """What the act's form chose, and the word that was typed where one is asked for."""

    chosen: Mapping[str, Any] = field(default_factory=dict)
    word: str = ""


class StartBulk(Action[Job, StartBulkInput]):
    """The draft waits for a worker, who does the act to each of those who were chosen."""

    code = "job.bulk.start"
    label = _("Start an act on many")
    said = _("started %(target)s")
    permission = VIEW_JOBS
    target_model = "jobs.Job"
    input_type = StartBulkInput

    def risk_of(self, *, target: Job, data: StartBulkInput) -> Risk:
        """As much as the act itself: what the worker does then is done in the starter's name, and proved here."""
        return act_of_job(target).risk

    def check(self, *, actor: Actor, target: Job, data: StartBulkInput) -> None:
        """Denies somebody else's draft, and whoever lacks the act's right; refuses what was started, or a slip."""
        require_own_bulk(actor, target)
        act = require_act(actor, target.input["of"], target.input["act"])
        if target.state != JobState.DRAFT or act.goto is not None:
            raise Refused("job_not_draft")
        if act.types_word and target.total > 1 and data.word != WORD:
            raise Refused("bulk_word")

    def apply(self, *, actor: Actor, target: Job, data: StartBulkInput) -> Outcome[Job]:
        """Queues the work in the same transaction."""
        target.input = {**target.input, "chosen": dict(data.chosen), **started_by(actor)}
        target.place_id = asked_by(actor)["place_id"]
        queue(target)
        return Outcome(target=target, facts={"act": target.input["act"], "count": target.total})


def require_own_bulk(actor: Actor, job: Job) -> None:
    """Denies what somebody else chose, for it acts with their rights, and jobs of other kinds."""
    if not job.is_of(actor) or "act" not in job.input:
        raise Denied("bulk_of_another")


def queue(job: Job) -> None:
    """The job waits for a worker."""
    job.state, job.moved_at = JobState.QUEUED, clock.now()
    job.save(update_fields=["input", "place_id", "state", "moved_at"])
    enqueue("jobs.run", job_id=job.pk)
