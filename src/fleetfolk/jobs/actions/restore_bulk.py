"""Undo an act on many."""

from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fleetfolk.jobs.actions.create_bulk import new_job, require_act
from fleetfolk.jobs.actions.start_bulk import queue, require_own_bulk
from fleetfolk.jobs.bulk import BulkAct, act_of_job, bulk_act, things_of_job
from fleetfolk.jobs.models import Job, JobState, TargetState
from fleetfolk.jobs.permissions import VIEW_JOBS
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome

_DONE = """
    INSERT INTO jobs_target (tenant_id, job_id, position, target_id, state, reason, values, given)
    SELECT tenant_id, %s, row_number() OVER (ORDER BY position), target_id, 0, '', '{}', undo
    FROM jobs_target WHERE job_id = %s AND state = %s
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class RestoreBulkInput:
    """Nothing but the job."""


class RestoreBulk(Action[Job, RestoreBulkInput]):
    """A new job makes those as they were whom this one changed, and leaves alone who was changed since."""

    code = "job.bulk.restore"
    label = _("Undo an act on many")
    said = _("undid %(target)s")
    permission = VIEW_JOBS
    target_model = "jobs.Job"
    input_type = RestoreBulkInput

    def risk_of(self, *, target: Job, data: RestoreBulkInput) -> Risk:
        """As much as the act that takes it back."""
        return required_undo(target).risk

    def check(self, *, actor: Actor, target: Job, data: RestoreBulkInput) -> None:
        """Denies another's job, refuses what cannot be undone, was undone, or is not over."""
        require_own_bulk(actor, target)
        if not target.is_over:
            raise Refused("bulk_not_over")
        if undone_by(target) is not None:
            raise Refused("bulk_undone")
        require_act(actor, target.input["of"], required_undo(target).code)

    def apply(self, *, actor: Actor, target: Job, data: RestoreBulkInput) -> Outcome[Job]:
        """Makes the job and queues it in the same transaction."""
        undo = required_undo(target)
        chosen = target.input["chosen"]
        job = new_job(
            actor,
            target.organization,
            things_of_job(target),
            undo,
            chosen=chosen,
            undoes=target.pk,
            undoes_act=target.input["act"],
        )
        with connection.cursor() as cursor:
            cursor.execute(_DONE, [job.pk, target.pk, TargetState.DONE])
            job.total = cursor.rowcount
        if not job.total:
            raise Refused("bulk_nothing_done")
        job.title = (gettext("Undo: %(title)s") % {"title": target.title})[:140]
        job.save(update_fields=["total", "title"])
        queue(job)
        return Outcome(target=job, facts={"act": undo.code, "count": job.total})


def undo_of(job: Job) -> BulkAct | None:
    """The act that takes the job back, while it is known whom it changed; what undoes is not undone."""
    if job.report_erased_at is not None or "undoes" in job.input or job.state == JobState.DRAFT:
        return None
    act = act_of_job(job)
    return bulk_act(act.of, act.undo) if act.undo else None


def required_undo(job: Job) -> BulkAct:
    """The act that takes the job back. Refuses where there is none."""
    undo = undo_of(job) if "act" in job.input else None
    if undo is None:
        raise Refused("bulk_no_undo")
    return undo


def undone_by(job: Job) -> Job | None:
    """The job that undoes, or undid, this one."""
    return Job.objects.filter(
        tenant_id=job.tenant_id, created_by_id=job.created_by_id, created_at__gte=job.created_at, input__undoes=job.pk
    ).first()
