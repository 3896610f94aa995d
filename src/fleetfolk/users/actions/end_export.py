"""The file of an export is there."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.jobs.models import Job
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor, ActorKind
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.models_privacy import Export
from fleetfolk.users.permissions import EXPORT_USER_DATA


@dataclass(frozen=True, kw_only=True, slots=True)
class EndExportInput:
    """Bytes, the SHA-256 of the file and how many records are in it."""

    size: int
    sha256: str
    records: int


class EndExport(Action[Export, EndExportInput]):
    """The file is whole, and the mail with its link is on its way."""

    code = "user.export.end"
    label = _("Finish export")
    said = _("finished an export")
    permission = EXPORT_USER_DATA
    target_model = "users.Export"
    input_type = EndExportInput

    def check(self, *, actor: Actor, target: Export, data: EndExportInput) -> None:
        """Denies everybody but the worker; refuses what is finished."""
        if actor.kind is not ActorKind.SYSTEM:
            raise Denied("export_by_the_system")
        if target.ready_at is not None:
            raise Refused("job_moved_on")

    def apply(self, *, actor: Actor, target: Export, data: EndExportInput) -> Outcome[Export]:
        """Keeps what the file is like."""
        now = clock.now()
        target.size, target.sha256, target.records, target.ready_at = data.size, data.sha256, data.records, now
        target.save(update_fields=["size", "sha256", "records", "ready_at"])
        Job.objects.filter(pk=target.job_id).update(
            done=data.records, total=data.records, counts={"record": data.records}, moved_at=now
        )
        enqueue("users.send_export_link", export_id=target.pk, tenant_id=target.tenant_id)
        return Outcome(target=target, facts={"records": data.records, "bytes": data.size})
