"""Shut a program out."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.permissions import DELETE_TOKENS
from fleetfolk.api.models import Program
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput


class DeleteProgram(Action[Program, NoInput]):
    """The program is gone with its secrets and tokens; what it did stays in the log."""

    code = "program.delete"
    label = _("Delete program")
    said = _("shut the program %(target)s out")
    permission = DELETE_TOKENS
    target_model = "api.Program"
    input_type = NoInput

    def apply(self, *, actor: Actor, target: Program, data: NoInput) -> Outcome[Program]:
        """Removes it."""
        key = target.pk
        target.delete()
        target.pk = key
        return Outcome(target=target, facts={"client": target.client_id})
