"""Start an import, or the check of its rows."""

from dataclasses import dataclass
from uuid import uuid4

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fleetfolk.jobs.acting import asked_by
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.edit_import import require_own_draft
from fleetfolk.users.import_source import CHECK, ImportSource
from fleetfolk.users.permissions import IMPORT_USERS


@dataclass(frozen=True, kw_only=True, slots=True)
class StartImportInput:
    """``only_check`` looks at every row and changes nobody. ``here`` says that the caller runs the job, no worker."""

    only_check: bool = False
    here: bool = False


class StartImport(Action[Job, StartImportInput]):
    """The import waits for a worker; or its check does, as a job of its own, and the import stays a draft."""

    code = "user.import.start"
    label = _("Start import")
    said = _("started %(target)s")
    permission = IMPORT_USERS
    target_model = "jobs.Job"
    input_type = StartImportInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: Job, data: StartImportInput) -> None:
        """Refuses somebody else's draft, what was started, and columns without an e-mail or a name."""
        require_own_draft(actor, target)
        if ImportSource.of_job(target).mapping.missing():
            raise Refused("import_mapping")

    def apply(self, *, actor: Actor, target: Job, data: StartImportInput) -> Outcome[Job]:
        """Queues the work in the same transaction."""
        source = ImportSource.of_job(target)
        job = target
        now = clock.now()
        if data.only_check:
            job = Job.objects.create(
                tenant_id=target.tenant_id,
                organization=target.organization,
                kind=CHECK,
                title=gettext("Check of %(file)s") % {"file": source.file_name},
                state=JobState.QUEUED,
                **asked_by(actor),
                batch_id=uuid4(),
                input=source.as_json(),
                created_at=now,
                moved_at=now,
            )
            target.input = {**target.input, "check_id": job.pk}
            target.save(update_fields=["input"])
        else:
            target.state, target.moved_at, target.place_id = JobState.QUEUED, now, asked_by(actor)["place_id"]
            target.save(update_fields=["state", "moved_at", "place_id"])
        if not data.here:
            enqueue("jobs.run", job_id=job.pk)
        return Outcome(target=job, facts={"only_check": data.only_check, "invite": source.invite})
