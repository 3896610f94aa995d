"""How the jobs of devices run: batches of static tokens, and imports from files."""

import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fleetfolk.console.csv_export import csv_lines
from fleetfolk.console.qr import qr_png
from fleetfolk.devices.actions.create_tokens import CreateTokens, CreateTokensInput, Ordered
from fleetfolk.devices.actions.import_devices import ImportDevices, ImportDevicesInput
from fleetfolk.devices.actions.start_device_import import IMPORT
from fleetfolk.devices.actions.start_tokens import TOKENS
from fleetfolk.devices.import_columns import Column, columns_of
from fleetfolk.devices.import_rows import shown
from fleetfolk.devices.models import MetadataField, Template
from fleetfolk.devices.permissions import MANAGE_STATIC_TOKENS, ORG_DEVICES_CREATE
from fleetfolk.devices.tokens import Kept, claim_address, new_code, new_token
from fleetfolk.jobs.actions import EndJobInput
from fleetfolk.jobs.kinds import JobKind
from fleetfolk.jobs.models import Job, JobState, Problem
from fleetfolk.jobs.tasks import end
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import perform_set
from fleetfolk.users.import_run import ImportRun, actor_of_job, failure_of, refused
from fleetfolk.users.importing.problems import UnreadableFile
from fleetfolk.users.importing.reading import CsvFile, Layout, Record
from fleetfolk.users.importing.report import report_lines
from fleetfolk.users.uploads import keep_upload, path_of, remove_upload

_PIECE = 1 << 16


@dataclass(frozen=True, kw_only=True, slots=True)
class Secrets:
    """One device of a batch with its secrets: they go into the file and nowhere else."""

    name: str
    token: str
    code: str


def run_tokens(job_id: int) -> None:
    """The job has ended, with the devices there and the file on disk, or says why not. Killed, it begins anew.

    The file is written first: whatever is committed has its tokens in a file, and a file without devices is swept.
    """
    end(job_id, ended(lambda: _run_tokens(job_id)))


def ended(work: Callable[[], EndJobInput]) -> EndJobInput:
    """How the job ended: as its work says, or refused."""
    try:
        return work()
    except ActionError as error:
        return refused(error)


def _run_tokens(job_id: int) -> EndJobInput:
    job = Job.objects.get(pk=job_id)
    if job.cursor:
        return EndJobInput(state=JobState.DONE)
    if job.cancel_requested_at is not None:
        return EndJobInput(state=JobState.CANCELLED)
    template = Template.objects.get(pk=job.input["template"], tenant_id=job.tenant_id)
    made = []
    for _number in range(job.input["count"]):
        code = new_code()
        made.append(Secrets(name=f"{template.name[:55]} {code[-4:]}", token=new_token(), code=code))
    file = keep_upload(_zipped(made, template))
    data = CreateTokensInput(
        devices=[Ordered(name=one.name, token=Kept.of(one.token), code=Kept.of(one.code)) for one in made], file=file
    )
    try:
        perform_set(CreateTokens, actor=actor_of_job(job), target_id=job.pk, data=data)
    except BaseException:
        remove_upload(file)
        raise
    return EndJobInput(state=JobState.DONE)


def _zipped(made: list[Secrets], template: Template) -> Iterator[bytes]:
    """A ZIP of a table and a folder of pictures, each named after the token of its device."""
    header = ["Name", "Template ID", "Auth token", "Claim code", "Claim address"]
    rows = ([one.name, template.public_id, one.token, one.code, claim_address(one.code)] for one in made)
    with TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("tokens.csv", b"".join(csv_lines(header, rows)))
            for one in made:
                archive.writestr(f"qr/{one.token}.png", qr_png(claim_address(one.code)), zipfile.ZIP_STORED)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _download(job: Job) -> tuple[str, str] | None:
    if job.state != JobState.DONE or job.report_erased_at is not None:
        return None
    return (reverse("activation:tokens"), gettext("To the download"))


def remove_file(job: Job) -> None:
    """What the job kept on disk is gone."""
    if job.input.get("file"):
        remove_upload(job.input["file"])


def _records(job: Job) -> Iterator[Record]:
    return CsvFile.open(path_of(job.input["file"]), layout=Layout(**job.input["layout"])).records()


def _unreadable(error: UnreadableFile) -> tuple[str, dict[str, str | int]]:
    return "device_import_unreadable", {"why": error.sentence}


_RUN = ImportRun(
    records=_records,
    rows=_records,
    action=ImportDevices,
    data=ImportDevicesInput,
    gone="device_import_gone",
    unreadable=_unreadable,
)
run_import = _RUN.run


@dataclass(frozen=True, kw_only=True, slots=True)
class _LeftOut:
    """A row of the report."""

    line: int
    said: str
    cells: Sequence[str]


def _report(job: Job, problems: Iterable[Problem]) -> Iterator[bytes]:
    left = (_LeftOut(line=one.line, said=_sentence(one), cells=one.cells) for one in problems)
    return report_lines(job.input["headers"], left)


def _sentence(problem: Problem) -> str:
    return shown(problem.reason, problem.field, problem.values)


def _named(job: Job, problem: Problem) -> str:
    at = columns_of(job.input["headers"]).get(Column.NAME)
    return problem.cells[at] if at is not None and at < len(problem.cells) else ""


def _note(job: Job) -> str:
    """Which columns were not read, where some were not."""
    known = set(columns_of(job.input["headers"]).values())
    fields = MetadataField.objects.filter(tenant_id=job.tenant_id).values_list("name", flat=True)
    facts = {name.casefold() for name in fields}
    left = [
        header
        for at, header in enumerate(job.input["headers"])
        if at not in known and header.strip().casefold() not in facts
    ]
    if not left:
        return ""
    return gettext("Nothing was read from these columns: %(names)s.") % {"names": ", ".join(left[:20])}


IMPORT_KIND = JobKind(
    code=IMPORT,
    permission=ORG_DEVICES_CREATE,
    counts={"new": _("New"), "problem": _("Left out")},
    run=run_import,
    failure_of=failure_of,
    sentence_of=_sentence,
    person_of=_named,
    report=_report,
    note_of=_note,
    erase=remove_file,
    sweep=lambda: None,
)
TOKENS_KIND = JobKind(
    code=TOKENS,
    permission=MANAGE_STATIC_TOKENS,
    counts={"new": _("Made")},
    run=run_tokens,
    failure_of=failure_of,
    next_step=_download,
    erase=remove_file,
    sweep=lambda: None,  # Files that no job names are swept with those of imports.
)
