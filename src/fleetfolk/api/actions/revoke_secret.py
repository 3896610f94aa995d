"""Take a secret of a program out of use."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.permissions import EDIT_TOKENS
from fleetfolk.api.models import Program, ProgramSecret
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class RevokeSecretInput:
    """The secret by its key."""

    secret_id: int


class RevokeSecret(Action[Program, RevokeSecretInput]):
    """The secret, and every token that was got for it, opens nothing from the next request on."""

    code = "program.secret.revoke"
    label = _("Revoke a program's secret")
    said = _("revoked a secret of the program %(target)s")
    permission = EDIT_TOKENS
    target_model = "api.Program"
    input_type = RevokeSecretInput

    def check(self, *, actor: Actor, target: Program, data: RevokeSecretInput) -> None:
        """Refuses what is no secret of this program."""
        _secret_of(target, data.secret_id)

    def apply(self, *, actor: Actor, target: Program, data: RevokeSecretInput) -> Outcome[Program]:
        """Removes it with its tokens."""
        secret = _secret_of(target, data.secret_id)
        secret.delete()
        return Outcome(target=target, facts={"ended_in": secret.secret_end})


def _secret_of(program: Program, secret_id: int) -> ProgramSecret:
    secret = ProgramSecret.objects.filter(program=program, pk=secret_id).first()
    if secret is None:
        raise Refused("program_secret_gone")
    return secret
