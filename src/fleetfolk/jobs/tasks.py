"""What the worker does: runs jobs, takes up again what was killed, and erases reports that are no longer kept."""

import datetime as dt

import structlog
from django.db.models import Q
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from fleetfolk.jobs.actions import EndJob, EndJobInput, EraseReport, EraseReportInput
from fleetfolk.jobs.actions.erase_report import DRAFT_KEPT_FOR, REPORT_KEPT_FOR
from fleetfolk.jobs.kinds import KINDS
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import system_actor
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.measures import JOBS
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.retries import LOST_CONNECTION, ONCE_DATABASE_IS_BACK
from fleetfolk.kernel.room import NoRoom, no_room

SILENT_FOR = dt.timedelta(minutes=2)
"""Without a sign of life for so long, and with nobody at it, a job is taken up again."""

ENDED_KEPT_FOR = 7 * 24
"""Hours for which the queue remembers what ended."""

_LOG = structlog.get_logger("fleetfolk.jobs")


@app.task(name="jobs.run", queue="jobs", retry=ONCE_DATABASE_IS_BACK)
def run(*, job_id: int) -> None:
    """The job has ended. Killed at any moment and run again, it goes on where it stopped.

    A lost database and a full disk are waited for; a defect ends the job, with a sentence for whoever started it and a
    traceback for whoever runs the installation.
    """
    job = Job.objects.get(pk=job_id)
    if job.is_over:
        return
    try:
        KINDS[job.kind].run(job_id)
    except LOST_CONNECTION:
        raise
    except Exception as error:
        if no_room(error):
            raise NoRoom from error
        end(job_id, EndJobInput(state=JobState.FAILED, failure="job_broke"))
        raise


def end(job_id: int, how: EndJobInput) -> None:
    """The job is over, unless it was already."""
    job = Job.objects.get(pk=job_id)
    if job.is_over:
        return
    perform(EndJob, actor=system_actor("worker", tenant_id=job.tenant_id), target_id=job_id, data=how)
    JOBS.labels(kind=job.kind, state=how.state).inc()
    _LOG.info("job_ended", job=job_id, kind=job.kind, state=str(how.state), reason=how.failure)


@app.periodic(cron="* * * * *")
@app.task(name="jobs.retry_stalled", queue="upkeep", queueing_lock="jobs.retry_stalled")
async def retry_stalled(timestamp: int) -> None:
    """What a killed worker had in hand is given to the next one."""
    for stalled in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=30):
        _LOG.warning("worker_lost", task=stalled.task_name, queue_id=stalled.id)
        try:
            await app.job_manager.retry_job(stalled)
        except UniqueViolation:  # The next one of its kind waits already, and does what was left.
            await app.job_manager.finish_job(stalled, Status.FAILED, delete_job=False)


@app.periodic(cron="* * * * *")
@app.task(name="jobs.resume_forgotten", queue="upkeep", queueing_lock="jobs.resume_forgotten")
def resume_forgotten(timestamp: int) -> None:
    """Jobs that began in a shell which is gone, or whose retries ran out, are with the worker."""
    silent_since = clock.now() - SILENT_FOR
    waiting = Job.objects.filter(
        Q(moved_at__lte=silent_since), state__in=(JobState.QUEUED, JobState.RUNNING)
    ).values_list("pk", flat=True)
    for job_id in waiting:
        at_it = ProcrastinateJob.objects.filter(
            task_name="jobs.run", status__in=("todo", "doing"), args__job_id=job_id
        ).exists()
        if not at_it:
            _LOG.warning("job_forgotten", job=job_id)
            enqueue("jobs.run", job_id=job_id)


@app.periodic(cron="53 3 * * *")
@app.task(name="jobs.forget_ended", queue="upkeep", queueing_lock="jobs.forget_ended", retry=ONCE_DATABASE_IS_BACK)
async def forget_ended(timestamp: int) -> None:
    """The queue holds nothing that ended a week ago: what it was given names people and their addresses."""
    await app.job_manager.delete_old_jobs(
        nb_hours=ENDED_KEPT_FOR, include_failed=True, include_cancelled=True, include_aborted=True
    )


@app.periodic(cron="41 * * * *")
@app.task(name="jobs.erase_reports", queue="upkeep", queueing_lock="jobs.erase_reports", retry=ONCE_DATABASE_IS_BACK)
def erase_reports(timestamp: int) -> None:
    """No job that ended a week ago, and no draft of the day before, keeps rows of people or their file."""
    now = clock.now()
    over = Job.objects.filter(
        Q(finished_at__lte=now - REPORT_KEPT_FOR) | Q(state=JobState.DRAFT, created_at__lte=now - DRAFT_KEPT_FOR),
        report_erased_at__isnull=True,
    )
    for job in over.iterator():
        KINDS[job.kind].erase(job)
        try:
            perform(
                EraseReport,
                actor=system_actor("caretaker", tenant_id=job.tenant_id),
                target_id=job.pk,
                data=EraseReportInput(),
            )
        except ActionError as error:
            _LOG.info("report_not_erased", job=job.pk, reason=error.reason)
    for kind in KINDS.values():
        kind.sweep()
