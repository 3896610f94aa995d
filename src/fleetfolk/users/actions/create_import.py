"""Prepare an import of people."""

from dataclasses import dataclass
from uuid import uuid4

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fleetfolk.access.gate import GATE
from fleetfolk.jobs.acting import asked_by
from fleetfolk.jobs.models import Job
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.models import Organization
from fleetfolk.users.import_source import IMPORT, ImportSource
from fleetfolk.users.permissions import IMPORT_USERS, INVITE_USERS


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateImportInput:
    """A file that is kept already, with first choices."""

    source: ImportSource


class CreateImport(Action[Organization, CreateImportInput]):
    """There is a draft of an import into the organization. Nobody is added or changed yet."""

    code = "user.import.create"
    label = _("Prepare import")
    said = _("prepared an import into %(target)s")
    permission = IMPORT_USERS
    target_model = "organizations.Organization"
    input_type = CreateImportInput

    def check(self, *, actor: Actor, target: Organization, data: CreateImportInput) -> None:
        """Denies a role, for rows without one, that holds more than the actor."""
        GATE.require_giveable(actor, INVITE_USERS, target, data.source.role_id)

    def apply(self, *, actor: Actor, target: Organization, data: CreateImportInput) -> Outcome[Job]:  # type: ignore[override]
        """Makes the draft."""
        if actor.user_id is None:
            raise Denied("not_for_the_system")
        job = Job.objects.create(
            tenant_id=target.tenant_id,
            organization=target,
            kind=IMPORT,
            title=gettext("Import of %(file)s") % {"file": data.source.file_name},
            **asked_by(actor),
            batch_id=uuid4(),
            input=data.source.as_json(),
            created_at=clock.now(),
        )
        return Outcome(target=job, facts={"file": data.source.file_name, "bytes": data.source.size})
