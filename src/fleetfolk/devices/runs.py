"""How the jobs of devices run: batches of static tokens."""

import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from tempfile import TemporaryFile

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fleetfolk.console.csv_export import csv_lines
from fleetfolk.devices.actions.create_tokens import CreateTokens, CreateTokensInput, Ordered
from fleetfolk.devices.actions.start_tokens import TOKENS
from fleetfolk.devices.models import Template
from fleetfolk.devices.permissions import MANAGE_STATIC_TOKENS
from fleetfolk.devices.pictures import qr_png
from fleetfolk.devices.tokens import Kept, claim_address, new_code, new_token
from fleetfolk.jobs.actions import EndJobInput
from fleetfolk.jobs.kinds import JobKind
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.jobs.tasks import end
from fleetfolk.kernel.errors import ActionError
from fleetfolk.kernel.perform import perform_set
from fleetfolk.kernel.reasons import REASONS
from fleetfolk.users.runs import actor_of_job
from fleetfolk.users.uploads import keep_upload, remove_upload

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
        return EndJobInput(state=JobState.FAILED, failure=error.reason, failure_values=_texts(error.about))


def _texts(about: Mapping[str, object]) -> dict[str, str | int]:
    return {name: str(value) for name, value in about.items()}


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


def failure_of(job: Job) -> str:
    """The sentence of why a job of devices failed."""
    if job.failure in REASONS:
        sentence: str = str(REASONS[job.failure]) % job.failure_values
        return sentence
    return gettext("It failed.")


def _download(job: Job) -> tuple[str, str] | None:
    if job.state != JobState.DONE or job.report_erased_at is not None:
        return None
    return (reverse("activation:tokens"), gettext("To the download"))


def remove_file(job: Job) -> None:
    """What the job kept on disk is gone."""
    if job.input.get("file"):
        remove_upload(job.input["file"])


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
