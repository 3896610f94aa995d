"""Download the export of oneself."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.read_export import ExportSecretInput, require_takeable, take
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT


class ReadData(Action[User, ExportSecretInput]):
    """The person has their own data, once."""

    code = "user.data.read"
    label = _("Download own data")
    said = _("downloaded their own data")
    permission = OWN_ACCOUNT
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
