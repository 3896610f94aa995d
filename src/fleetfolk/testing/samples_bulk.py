"""Samples of acts on many."""

from fleetfolk.jobs.actions import (
    CreateBulk,
    CreateBulkInput,
    ExportReportInput,
    RestoreBulkInput,
    StartBulk,
    StartBulkInput,
)
from fleetfolk.jobs.bulk_run import run_bulk
from fleetfolk.jobs.models import Job
from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.sampling import Sample, Samples, north


def choice(cast: Cast) -> CreateBulkInput:
    """Cleo is to be disabled."""
    return CreateBulkInput(of="users", act="disable", ids=[cast.cleo.pk])


def drafted(cast: Cast) -> Job:
    """Ada chose Cleo, in North."""
    made: Job = perform(CreateBulk, actor=actor(cast.ada), target_id=cast.north.pk, data=choice(cast)).target  # type: ignore[assignment]
    return made


def done(cast: Cast) -> Job:
    """Ada disabled Cleo so."""
    job = drafted(cast)
    perform(StartBulk, actor=actor(cast.ada), target_id=job.pk, data=StartBulkInput(chosen={"reason": ""}))
    run_bulk(job.pk)
    return Job.objects.get(pk=job.pk)


SAMPLES: Samples = {
    "job.bulk.create": lambda cast: north(cast, choice(cast)),
    "job.bulk.start": lambda cast: Sample(
        target_id=drafted(cast).pk, data=StartBulkInput(chosen={"reason": ""}), permitted=actor(cast.ada)
    ),
    "job.bulk.restore": lambda cast: Sample(
        target_id=done(cast).pk, data=RestoreBulkInput(), permitted=actor(cast.ada)
    ),
    "job.report.export": lambda cast: Sample(
        target_id=done(cast).pk, data=ExportReportInput(), permitted=actor(cast.ada)
    ),
}
