"""An export of everything about a busy person, by the worker, as somebody would have asked for it on the page."""

import time
from dataclasses import dataclass

from bench.floor import actor_of
from bench.scenarios import Viewer
from bench.server import peak_megabytes
from fleetfolk.config.runtime.children import Child
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.kernel.perform import perform
from fleetfolk.users.actions.export_user import ExportUser
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models_privacy import EXPORT

LONGEST = 300.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """How an export went: seconds from the click to the file, and the worker's most memory so far."""

    seconds: float
    peak_mb: float


def exported(person: int, *, by: Viewer, worker: Child) -> Exported:
    """The file of everything about the person is there."""
    began = time.perf_counter()
    perform(ExportUser, actor=actor_of(by), target_id=person, data=NoInput())
    asked = Job.objects.filter(kind=EXPORT, input__user_id=person).latest("pk")
    while True:
        job = Job.objects.get(pk=asked.pk)
        seconds = time.perf_counter() - began
        if job.is_over:
            break
        if seconds > LONGEST or not worker.alive:
            raise SystemExit(f"The export did not end; the worker {worker.ending()}:\n{worker.output()[-2000:]}")
        time.sleep(0.05)
    if job.state != JobState.DONE:
        raise SystemExit(f"The export ended as {job.state} {job.failure}.")
    return Exported(seconds=seconds, peak_mb=peak_megabytes(worker))
