"""How the job runs that makes the file of an export."""

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fleetfolk.jobs.actions import EndJobInput, StartJob, StartJobInput
from fleetfolk.jobs.actions.erase_report import REPORT_KEPT_FOR
from fleetfolk.jobs.kinds import JobKind
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.jobs.progress import tell_progress
from fleetfolk.jobs.tasks import end
from fleetfolk.kernel import clock
from fleetfolk.kernel.actor import system_actor
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import perform
from fleetfolk.kernel.reasons import REASONS
from fleetfolk.users.actions.end_export import EndExport, EndExportInput
from fleetfolk.users.exporting import NotWanted, build, remove, remove_all_but
from fleetfolk.users.models import User
from fleetfolk.users.models_privacy import EXPORT, Export
from fleetfolk.users.permissions import VIEW_USERS

TAKEN_KEPT_FOR = dt.timedelta(hours=1)
"""A file that was taken goes after so long: the download that took it may still be on its way."""


def run_export(job_id: int) -> None:
    """The job has ended, with the file there and its mail queued, or cancelled. Run again it begins anew."""
    try:
        how = _run(job_id)
    except NotWanted:
        how = EndJobInput(state=JobState.CANCELLED)
    except ActionError as error:
        if error.reason in ("job_over", "job_moved_on"):
            return
        how = EndJobInput(state=JobState.FAILED, failure=error.reason)
    end(job_id, how)


def _run(job_id: int) -> EndJobInput:
    export = Export.objects.select_related("job").filter(job_id=job_id).first()
    if export is None:
        return EndJobInput(state=JobState.FAILED, failure="export_gone")
    if export.ready_at is not None:
        return EndJobInput(state=JobState.DONE)
    worker = system_actor("worker", tenant_id=export.tenant_id)
    perform(StartJob, actor=worker, target_id=job_id, data=StartJobInput())
    person = User.objects.select_related("organization", "tenant", "role", "location").get(pk=export.user_id)
    own = export.requested_by_id == export.user_id
    built = build(
        person,
        export.file,
        own=own,
        wanted=lambda: _is_wanted(job_id),
        tell=lambda done, total: tell_progress(job_id, done=done, total=total),
    )
    try:
        data = EndExportInput(size=built.size, sha256=built.sha256, records=built.records)
        perform(EndExport, actor=worker, target_id=export.pk, data=data)
    except ActionError:
        remove(export.file)
        raise
    return EndJobInput(state=JobState.DONE)


def _is_wanted(job_id: int) -> bool:
    return Job.objects.filter(pk=job_id, cancel_requested_at__isnull=True).exists()


def _failure(job: Job) -> str:
    return str(REASONS[job.failure]) if job.failure in REASONS else gettext("It failed.")


def _note(job: Job) -> str:
    return gettext("The link for the download is in a mail to %(name)s. It works once, for a day.") % {
        "name": job.created_by_label
    }


def _remove_file(job: Job) -> None:
    for export in Export.objects.filter(job=job):
        remove(export.file)


def _sweep() -> None:
    now = clock.now()
    kept = Export.objects.filter(
        Q(taken_at__isnull=True) | Q(taken_at__gt=now - TAKEN_KEPT_FOR), created_at__gt=now - REPORT_KEPT_FOR
    )
    remove_all_but(set(kept.values_list("file", flat=True)))


EXPORT_KIND = JobKind(
    code=EXPORT,
    permission=VIEW_USERS,  # The job has no report. What it made is read by its link alone.
    counts={"record": _("Records")},
    run=run_export,
    failure_of=_failure,
    note_of=_note,
    erase=_remove_file,
    sweep=_sweep,
)
