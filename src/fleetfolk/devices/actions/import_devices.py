"""Import devices: one chunk of a file."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.import_rows import Plan, Planned
from fleetfolk.devices.models import Device, Reported
from fleetfolk.devices.permissions import ORG_DEVICES_CREATE
from fleetfolk.jobs.models import Job, JobState, Problem
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import SetAction
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome, SetOutcome
from fleetfolk.users.importing.reading import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportDevicesInput:
    """Rows of the job's file: those behind the first ``skipped``. ``total`` is the number of rows in the file."""

    rows: Sequence[Record]
    skipped: int
    total: int


class ImportDevices(SetAction[Job, Device, ImportDevicesInput]):
    """The devices of these rows are there, and the job knows it, or nothing has changed.

    A row that cannot be imported is kept with its reason and disturbs no other. Nobody is written to.
    """

    code = "device.import"
    label = _("Import devices")
    said = _("imported %(target)s")
    permission = ORG_DEVICES_CREATE
    target_model = "jobs.Job"
    input_type = ImportDevicesInput

    def check(self, *, actor: Actor, target: Job, data: ImportDevicesInput) -> None:
        """Refuses what has ended, rows that are not the next ones, and anybody but who started it."""
        if target.is_over:
            raise Refused("job_over")
        if target.cursor != data.skipped:
            raise Refused("job_moved_on")
        if target.created_by_id != actor.user_id:
            raise Refused("device_import_of_another")

    def apply_set(self, *, actor: Actor, target: Job, data: ImportDevicesInput) -> SetOutcome[Device]:
        """Creates the devices, keeps the problems, and moves the job on."""
        planned = Plan(actor=actor, job=target, rows=data.rows).planned()
        good = [row for row in planned if row.device is not None]
        if not target.input["only_check"]:
            _create(good)
        Problem.objects.bulk_create(
            Problem(
                tenant_id=target.tenant_id,
                job=target,
                line=row.record.line,
                field=row.problem.column,
                reason=row.problem.reason,
                values=row.problem.values,
                cells=list(row.record.cells),
            )
            for row in planned
            if row.problem is not None
        )
        _move_on(target, planned, data)
        if target.input["only_check"]:
            return SetOutcome(outcomes=[])
        return SetOutcome(
            outcomes=[
                Outcome(target=row.device, facts={"line": row.record.line, "template": row.device.template.name})
                for row in good
                if row.device is not None
            ]
        )


def _create(good: Sequence[Planned]) -> None:
    now = clock.now()
    devices = [row.device for row in good if row.device is not None]
    for device in devices:
        device.created_at = now
    Device.objects.bulk_create(devices)
    Reported.objects.bulk_create(Reported(device=device, tenant_id=device.tenant_id) for device in devices)


def _move_on(job: Job, planned: Sequence[Planned], data: ImportDevicesInput) -> None:
    now, wrong = clock.now(), sum(row.problem is not None for row in planned)
    counts = dict(job.counts)
    counts["new"] = counts.get("new", 0) + len(planned) - wrong
    counts["problem"] = counts.get("problem", 0) + wrong
    job.counts = counts
    job.cursor = job.done = data.skipped + len(data.rows)
    job.total = data.total
    job.state, job.started_at, job.moved_at = JobState.RUNNING, job.started_at or now, now
    job.save(update_fields=["counts", "cursor", "done", "total", "state", "started_at", "moved_at"])
