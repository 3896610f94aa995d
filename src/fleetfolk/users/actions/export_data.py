"""Export everything that is known about oneself."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.export_user import begin_export, require_free_to_export
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT


class ExportData(Action[User, NoInput]):
    """A job makes one file of everything about the person, who is mailed a link that works once."""

    code = "user.data.export"
    label = _("Export own data")
    said = _("asked for their own data")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = NoInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: User, data: NoInput) -> None:
        """Refuses a second file while the first is being made."""
        require_free_to_export(actor, target)

    def apply(self, *, actor: Actor, target: User, data: NoInput) -> Outcome[User]:
        """Queues the job."""
        job = begin_export(actor, target, title=gettext("Own data of %(name)s") % {"name": target})
        return Outcome(target=target, facts={"job": job.pk})
