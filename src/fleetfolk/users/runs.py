"""How the jobs of this package run: imports of people, and the checks before them."""

from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fleetfolk.jobs.kinds import JobKind
from fleetfolk.jobs.models import Job, JobState, Problem
from fleetfolk.users import runs_export  # noqa: F401 - declares another kind of job
from fleetfolk.users.actions.import_users import ImportUsers, ImportUsersInput
from fleetfolk.users.import_reasons import left_out
from fleetfolk.users.import_run import ImportRun, failure_of
from fleetfolk.users.import_source import CHECK, IMPORT, ImportSource, ReadRow
from fleetfolk.users.importing.fields import Field
from fleetfolk.users.importing.problems import FileReason, UnreadableFile
from fleetfolk.users.importing.reading import Record
from fleetfolk.users.importing.report import report_lines
from fleetfolk.users.permissions import IMPORT_USERS
from fleetfolk.users.uploads import remove_orphans, remove_upload


def _rows(job: Job) -> Iterator[ReadRow]:
    return ImportSource.of_job(job).rows()


def _records(job: Job) -> Iterator[Record]:
    return ImportSource.of_job(job).csv().records()


def _unreadable(error: UnreadableFile) -> tuple[str, dict[str, str | int]]:
    return "import_unreadable", {"why": error.reason, **error.values}


_RUN = ImportRun(
    records=_records,
    rows=_rows,
    action=ImportUsers,
    data=ImportUsersInput,
    gone="import_file_gone",
    unreadable=_unreadable,
)
run_import = _RUN.run


def _report(job: Job, problems: Iterable[Problem]) -> Iterator[bytes]:
    headers = [column.header for column in ImportSource.of_job(job).csv().columns]
    return report_lines(headers, map(left_out, problems))


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
    return failure_of(job)


def _sentence(problem: Problem) -> str:
    return left_out(problem).said


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
    personal=True,
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
    personal=True,
    failure_of=_failure,
    next_step=_after_check,
    erase=_keep_file,
    sweep=lambda: None,
)
