"""Download the export of a person."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.models import User
from fleetfolk.users.models_privacy import Export
from fleetfolk.users.permissions import EXPORT_USER_DATA


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportSecretInput:
    """The hash of the secret that was presented."""

    secret_hash: str


class ReadExport(Action[User, ExportSecretInput]):
    """Whoever asked for the person's data has them, once."""

    code = "user.export.read"
    label = _("Download all data of a user")
    said = _("downloaded all data of %(target)s")
    permission = EXPORT_USER_DATA
    target_model = "users.User"
    input_type = ExportSecretInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: User, data: ExportSecretInput) -> None:
        """Denies a link that is not the actor's; refuses one that was used or is over."""
        require_takeable(actor, target, data)

    def apply(self, *, actor: Actor, target: User, data: ExportSecretInput) -> Outcome[User]:
        """Uses the link up."""
        export = take(target, data)
        return Outcome(target=target, facts={"records": export.records, "bytes": export.size})


def require_takeable(actor: Actor, target: User, data: ExportSecretInput) -> None:
    """Denies a link that is not the actor's; refuses one that was used or is over."""
    export = Export.objects.filter(user=target, secret_hash=data.secret_hash).first() if data.secret_hash else None
    if export is None or actor.user_id is None or export.requested_by_id != actor.user_id:
        raise Denied("export_link")
    if export.taken_at is not None:
        raise Refused("export_taken")
    if export.expires_at is None or clock.now() >= export.expires_at:
        raise Refused("export_over")


def take(target: User, data: ExportSecretInput) -> Export:
    """The export is taken, by one: of two at the same moment the second is refused."""
    mine = Export.objects.filter(user=target, secret_hash=data.secret_hash)
    if not mine.filter(taken_at__isnull=True).update(taken_at=clock.now()):
        raise Refused("export_taken")
    return mine.get()
