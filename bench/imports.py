"""An import of many people from a file, by the worker, as a person would have started it on the page."""

import csv
import io
import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Now
from procrastinate.contrib.django.models import ProcrastinateJob

from bench.floor import actor_of
from bench.names import languages
from bench.scenarios import Viewer
from bench.server import peak_megabytes
from fleetfolk.config.runtime.children import Child
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.kernel.perform import perform
from fleetfolk.organizations.models import Organization
from fleetfolk.users.actions.create_import import CreateImport, CreateImportInput
from fleetfolk.users.actions.start_import import StartImport, StartImportInput
from fleetfolk.users.import_source import ImportSource
from fleetfolk.users.uploads import keep_upload

LONGEST = 600.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """How an import went: rows, seconds from the click to the end, and the worker's most memory so far."""

    rows: int
    seconds: float
    peak_mb: float
    file_mb: float


def imported(rows: int, *, into: Viewer, worker: Child, label: str) -> Imported:
    """The people of a new file of so many rows are in the viewer's organization."""
    actor = actor_of(into)
    name = keep_upload(_file(rows, label))
    source = ImportSource.of_file(
        file=name,
        file_name=f"{label}.csv",
        within=Organization.objects.get(pk=into.tenant.id),
        role_id=into.tenant.first_role + 2,
        country="DE",
        invite=False,
        client=actor.client.value,
    )
    drafted = perform(CreateImport, actor=actor, target_id=into.tenant.id, data=CreateImportInput(source=source)).target
    began = time.perf_counter()
    perform(StartImport, actor=actor, target_id=drafted.pk, data=StartImportInput())
    while True:
        job = Job.objects.get(pk=drafted.pk)
        seconds = time.perf_counter() - began
        if job.is_over:
            break
        if seconds > LONGEST or not worker.alive:
            raise SystemExit(f"The import did not end; the worker {worker.ending()}:\n{worker.output()[-2000:]}")
        time.sleep(0.2)
    if job.state != JobState.DONE or job.counts.get("new") != rows:
        raise SystemExit(f"The import ended as {job.state} {job.failure} {job.counts}.")
    return Imported(rows=rows, seconds=seconds, peak_mb=peak_megabytes(worker), file_mb=source.size / 1e6)


def at_rest(worker: Child) -> None:
    """The worker has done what was left for it, such as the mails of a message: it is not what is measured."""
    until = time.monotonic() + LONGEST
    due = Q(scheduled_at=None) | Q(scheduled_at__lte=Now())
    while ProcrastinateJob.objects.filter(due, status__in=("todo", "doing")).exists():
        if time.monotonic() > until or not worker.alive:
            raise SystemExit(f"The worker found no rest; it {worker.ending()}:\n{worker.output()[-2000:]}")
        time.sleep(0.2)


def _file(rows: int, label: str) -> Iterator[bytes]:
    """A file as a German spreadsheet saves it, with national telephone numbers, in pieces."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow(("Vorname", "Nachname", "E-Mail", "Telefon", "Rolle"))
    spoken = languages()
    for number in range(rows):
        language = spoken[number % len(spoken)]
        first, first_plain = language.first[number % len(language.first)]
        last, last_plain = language.last[number // 7 % len(language.last)]
        email = f"{first_plain}.{last_plain}.{number}@{label}.example"
        writer.writerow((first, last, email, f"030 {number + 10_000_000}", "User"))
        if buffer.tell() > 1_000_000:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()
