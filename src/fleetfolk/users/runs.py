"""How the jobs of this package run: imports of people, and the checks before them."""

from collections.abc import Callable, Iterable, Iterator

from django.db import IntegrityError
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fleetfolk.jobs.actions import EndJobInput
from fleetfolk.jobs.kinds import JobKind
from fleetfolk.jobs.models import Job, JobState, Problem
from fleetfolk.jobs.tasks import end
from fleetfolk.kernel.actor import Actor, ActorKind, Client
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import perform_set
from fleetfolk.kernel.reasons import REASONS
from fleetfolk.users import runs_export  # noqa: F401 - declares another kind of job
from fleetfolk.users.actions.import_users import ImportUsers, ImportUsersInput
from fleetfolk.users.import_reasons import left_out
from fleetfolk.users.import_source import CHECK, IMPORT, ImportSource, ReadRow
from fleetfolk.users.importing.fields import Field
from fleetfolk.users.importing.problems import FileReason, UnreadableFile
from fleetfolk.users.importing.report import report_lines
from fleetfolk.users.permissions import IMPORT_USERS
from fleetfolk.users.uploads import remove_orphans, remove_upload

CHUNK = 1000
"""Rows that are imported, logged and counted together, in one transaction."""

_COLLISIONS = 5


def run_import(job_id: int, *, tell: Callable[[Job], object] | None = None) -> None:
    """The job has ended: every row behind its cursor was imported or kept with its reason, or it says why not.

    ``tell`` is called with the job as it stands after each chunk.
    """
    try:
        how = _run(job_id, tell)
    except UnreadableFile as error:
        how = EndJobInput(
            state=JobState.FAILED, failure="import_unreadable", failure_values={"why": error.reason, **error.values}
        )
    except FileNotFoundError:
        how = EndJobInput(state=JobState.FAILED, failure="import_file_gone")
    except ActionError as error:
        if error.reason in ("job_over", "job_moved_on"):
            return
        how = EndJobInput(state=JobState.FAILED, failure=error.reason)
    end(job_id, how)


def _run(job_id: int, tell: Callable[[Job], object] | None) -> EndJobInput:
    job = Job.objects.get(pk=job_id)
    source = ImportSource.of_job(job)
    actor = actor_of_job(job)
    total = job.total or source.count()
    for chunk in source.chunks(skip=job.cursor, size=CHUNK):
        if Job.objects.filter(pk=job_id, cancel_requested_at__isnull=False).exists():
            return EndJobInput(state=JobState.CANCELLED)
        job = _import_chunk(actor, job, chunk, total)
        if tell is not None:
            tell(job)
    return EndJobInput(state=JobState.DONE)


def _import_chunk(actor: Actor, job: Job, chunk: list[ReadRow], total: int) -> Job:
    """The chunk is committed. Where somebody else added one of its people meanwhile, it is planned anew."""
    data = ImportUsersInput(rows=chunk, skipped=job.cursor, total=total)
    for attempt in range(1, _COLLISIONS + 1):
        try:
            perform_set(ImportUsers, actor=actor, target_id=job.pk, data=data)
            break
        except IntegrityError:
            if attempt == _COLLISIONS:
                raise
    return Job.objects.get(pk=job.pk)


def actor_of_job(job: Job) -> Actor:
    """Whoever started the job, acting with the rights that they hold at each chunk."""
    return Actor(
        kind=ActorKind.USER,
        id=str(job.created_by_id),
        label=job.created_by_label,
        tenant_id=job.tenant_id,
        client=Client(job.input["client"]),
        batch_id=job.batch_id,
    )


def _report(job: Job, problems: Iterable[Problem]) -> Iterator[bytes]:
    return report_lines(ImportSource.of_job(job).csv().columns, map(left_out, problems))


def _person(job: Job, problem: Problem) -> str:
    """The address of the row, or its name, as it was read."""
    columns = ImportSource.of_job(job).mapping.columns
    cells = problem.cells
    for field in (Field.EMAIL, Field.NAME, Field.LAST_NAME, Field.FIRST_NAME):
        index = columns.get(field)
        if index is not None and index < len(cells) and cells[index].strip():
            return str(cells[index].strip())
    return ""


def _failure(job: Job) -> str:
    if job.failure == "import_unreadable":
        values = dict(job.failure_values)
        return UnreadableFile(FileReason(values.pop("why")), **values).sentence
    return str(REASONS[job.failure]) if job.failure in REASONS else gettext("It failed.")


def _sentence(problem: Problem) -> str:
    row = left_out(problem)
    return f"{row.field.label}: {row.sentence}" if row.field else row.sentence


def _after_import(job: Job) -> tuple[str, str] | None:
    return (reverse("users:list"), gettext("Open the people"))


def _after_check(job: Job) -> tuple[str, str] | None:
    draft = Job.objects.filter(kind=IMPORT, state=JobState.DRAFT, input__check_id=job.pk).first()
    return (reverse("users:import-check", args=[draft.pk]), gettext("Back to the import")) if draft else None


def _remove_file(job: Job) -> None:
    remove_upload(job.input["file"])


def _keep_file(job: Job) -> None:
    """The file is the import's."""


def _sweep() -> None:
    kept = Job.objects.filter(input__has_key="file", report_erased_at__isnull=True)
    remove_orphans(set(kept.values_list("input__file", flat=True)))


_COUNTS = {
    "new": _("New"),
    "updated": _("Updated"),
    "unchanged": _("Unchanged"),
    "problem": _("Left out"),
    "invited": _("Invited"),
}

IMPORT_KIND = JobKind(
    code=IMPORT,
    permission=IMPORT_USERS,
    counts=_COUNTS,
    run=run_import,
    sentence_of=_sentence,
    person_of=_person,
    report=_report,
    failure_of=_failure,
    next_step=_after_import,
    erase=_remove_file,
    sweep=_sweep,
)
CHECK_KIND = JobKind(
    code=CHECK,
    permission=IMPORT_USERS,
    counts=_COUNTS,
    run=run_import,
    sentence_of=_sentence,
    person_of=_person,
    report=_report,
    failure_of=_failure,
    next_step=_after_check,
    erase=_keep_file,
    sweep=lambda: None,
)
