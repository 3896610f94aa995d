"""Give a program a secret."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.permissions import EDIT_TOKENS
from fleetfolk.api.actions.create_program import require_giveable_rights
from fleetfolk.api.models import Program, ProgramSecret
from fleetfolk.api.scopes import require_hands
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome

MOST: Final = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class SecretInput:
    """What is kept of the secret, which the door shows once."""

    secret_hash: str
    secret_end: str


class CreateSecret(Action[Program, SecretInput]):
    """Whoever knows the secret gets tokens of the program."""

    code = "program.secret.create"
    label = _("Make a program's secret")
    said = _("made a secret of the program %(target)s")
    permission = EDIT_TOKENS
    target_model = "api.Program"
    input_type = SecretInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: Program, data: SecretInput) -> None:
        """Denies a secret of a program that may do more than the actor; refuses a third one."""
        require_hands(actor)
        require_giveable_rights(actor, target.organization, target.permissions)
        if ProgramSecret.objects.filter(program=target).count() >= MOST:
            raise Refused("program_secrets")

    def apply(self, *, actor: Actor, target: Program, data: SecretInput) -> Outcome[Program]:
        """Keeps its hash."""
        ProgramSecret.objects.create(
            tenant_id=target.tenant_id,
            program=target,
            secret_hash=data.secret_hash,
            secret_end=data.secret_end,
            created_at=clock.now(),
        )
        return Outcome(target=target, facts={"ends_in": data.secret_end})
