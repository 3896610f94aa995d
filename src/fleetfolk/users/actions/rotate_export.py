"""Make the link of an export, for the mail that is being sent."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor, ActorKind
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.models_privacy import Export
from fleetfolk.users.permissions import EXPORT_USER_DATA

LINK_LASTS = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class RotateExportInput:
    """The hash of the new secret."""

    secret_hash: str


class RotateExport(Action[Export, RotateExportInput]):
    """The export can be downloaded for a day, with the new link alone."""

    code = "user.export.rotate"
    label = _("Make download link")
    said = _("made the download link of an export")
    permission = EXPORT_USER_DATA
    target_model = "users.Export"
    input_type = RotateExportInput

    def check(self, *, actor: Actor, target: Export, data: RotateExportInput) -> None:
        """Denies everybody but the mailer; refuses what is not finished, or was taken."""
        if actor.kind is not ActorKind.SYSTEM:
            raise Denied("export_by_the_system")
        if target.ready_at is None:
            raise Refused("export_running")
        if target.taken_at is not None:
            raise Refused("export_taken")

    def apply(self, *, actor: Actor, target: Export, data: RotateExportInput) -> Outcome[Export]:
        """Keeps the hash."""
        target.secret_hash = data.secret_hash
        target.expires_at = clock.now() + LINK_LASTS
        target.save(update_fields=["secret_hash", "expires_at"])
        return Outcome(target=target)
