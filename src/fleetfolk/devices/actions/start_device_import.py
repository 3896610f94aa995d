"""Start an import of devices from a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.changing_hands import require_usable
from fleetfolk.devices.permissions import ORG_DEVICES_CREATE
from fleetfolk.jobs.acting import asked_by
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.models import Organization

IMPORT = "device.import"
"""The kind of the job."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StartDeviceImportInput:
    """A file that is kept already, how it is read, and the template of rows that name none.

    ``only_check`` looks at every row and adds nothing.
    """

    file: str
    file_name: str
    headers: Sequence[str]
    layout: Mapping[str, Any]
    template_id: int | None = None
    only_check: bool = False


class StartDeviceImport(Action[Organization, StartDeviceImportInput]):
    """A job waits that adds the file's devices to the organization, or to those below it that its rows name."""

    code = "device.import.start"
    label = _("Start import of devices")
    said = _("started an import of devices into %(target)s")
    permission = ORG_DEVICES_CREATE
    target_model = "organizations.Organization"
    input_type = StartDeviceImportInput

    def check(self, *, actor: Actor, target: Organization, data: StartDeviceImportInput) -> None:
        """Refuses a template that is not enabled here."""
        if data.template_id is not None:
            require_usable(data.template_id, target)

    def apply(self, *, actor: Actor, target: Organization, data: StartDeviceImportInput) -> Outcome[Job]:  # type: ignore[override]
        """Queues the job in the same transaction."""
        if actor.user_id is None:
            raise Denied("not_for_the_system")
        now = clock.now()
        title = gettext("Check of %(file)s") if data.only_check else gettext("Devices of %(file)s")
        job = Job.objects.create(
            tenant_id=target.tenant_id,
            organization=target,
            kind=IMPORT,
            title=title % {"file": data.file_name[-100:]},
            state=JobState.QUEUED,
            **asked_by(actor),
            batch_id=uuid4(),
            input={
                "file": data.file,
                "file_name": data.file_name,
                "headers": list(data.headers),
                "layout": dict(data.layout),
                "template": data.template_id,
                "only_check": data.only_check,
                "client": actor.client.value,
            },
            created_at=now,
            moved_at=now,
        )
        enqueue("jobs.run", job_id=job.pk)
        return Outcome(target=job, facts={"file": data.file_name, "only_check": data.only_check})
