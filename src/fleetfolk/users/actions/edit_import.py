"""Change what an import will do."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.gate import GATE
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.import_source import IMPORT, ImportSource
from fleetfolk.users.importing.mapping import ColumnMapping
from fleetfolk.users.permissions import IMPORT_USERS, INVITE_USERS


@dataclass(frozen=True, kw_only=True, slots=True)
class EditImportInput:
    """Which column is what, the country of national phone numbers, the role of rows without one, and the mails."""

    mapping: ColumnMapping
    country: str
    role_id: int
    invite: bool


class EditImport(Action[Job, EditImportInput]):
    """The draft has these choices, and nobody has checked its rows with them yet."""

    code = "user.import.edit"
    label = _("Change import")
    said = _("changed %(target)s")
    permission = IMPORT_USERS
    target_model = "jobs.Job"
    input_type = EditImportInput

    def check(self, *, actor: Actor, target: Job, data: EditImportInput) -> None:
        """Refuses somebody else's draft, what was started, and columns that the file lacks."""
        require_own_draft(actor, target)
        GATE.require_giveable(actor, INVITE_USERS, target.organization, data.role_id)
        if any(index >= ImportSource.of_job(target).columns for index in data.mapping.columns.values()):
            raise Refused("import_mapping")

    def apply(self, *, actor: Actor, target: Job, data: EditImportInput) -> Outcome[Job]:
        """Keeps the choices."""
        target.input = ImportSource.of_job(target).chosen(data).as_json()
        target.save(update_fields=["input"])
        return Outcome(target=target, facts={"invite": data.invite, "country": data.country})


def require_own_draft(actor: Actor, target: Job) -> None:
    """Denies somebody else's import, which acts with their rights, and refuses one that was started."""
    if target.created_by_id != actor.user_id or target.kind != IMPORT:
        raise Denied("import_of_another")
    if target.state != JobState.DRAFT:
        raise Refused("job_not_draft")
