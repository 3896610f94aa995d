"""Download the file of a batch of static tokens."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.actions.start_tokens import TOKENS
from fleetfolk.devices.permissions import MANAGE_STATIC_TOKENS
from fleetfolk.jobs.models import Job, JobState
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput


class ReadTokens(Action[Job, NoInput]):
    """Whoever asked has the file with the tokens and codes; the log says who."""

    code = "device.tokens.read"
    label = _("Download static tokens")
    said = _("downloaded %(target)s")
    permission = MANAGE_STATIC_TOKENS
    target_model = "jobs.Job"
    input_type = NoInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: Job, data: NoInput) -> None:
        """Refuses what is no finished batch, and one whose file is kept no more."""
        ready = target.kind == TOKENS and target.state == JobState.DONE and target.report_erased_at is None
        if not ready or not target.input.get("file"):
            raise Refused("batch_file_gone")

    def apply(self, *, actor: Actor, target: Job, data: NoInput) -> Outcome[Job]:
        """Leaves the entry."""
        return Outcome(target=target, facts={"count": target.input["count"]})
