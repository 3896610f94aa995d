"""Let a program in."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.permissions import CREATE_TOKENS
from fleetfolk.api.actions.create_token import require_name
from fleetfolk.api.models import Program
from fleetfolk.api.scopes import complete, missing_at, require_hands
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.models import Organization

MOST: Final = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateProgramInput:
    """What it is called by people and by itself, and what it may do."""

    name: str
    client_id: str
    permissions: Sequence[str]
    sensitive: bool = False


class CreateProgram(Action[Organization, CreateProgramInput]):
    """There is a program of the organization. It gets in as soon as it has a secret."""

    code = "program.create"
    label = _("Add program")
    said = _("let the program %(target)s in")
    permission = CREATE_TOKENS
    target_model = "organizations.Organization"
    input_type = CreateProgramInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: Organization, data: CreateProgramInput) -> None:
        """Denies more than the actor holds there; refuses a name that is there."""
        require_hands(actor)
        require_name(data.name)
        require_giveable_rights(actor, target, data.permissions)
        if Program.objects.filter(organization=target, name=data.name).exists():
            raise Refused("token_name_taken", name=data.name)
        if Program.objects.filter(organization=target).count() >= MOST:
            raise Refused("token_many", most=MOST)

    def apply(self, *, actor: Actor, target: Organization, data: CreateProgramInput) -> Outcome[Program]:  # type: ignore[override]
        """Keeps it."""
        program = Program.objects.create(
            tenant_id=target.tenant_id,
            organization=target,
            name=data.name,
            client_id=data.client_id,
            permissions=complete(data.permissions) or [],
            sensitive=data.sensitive,
            created_by_id=actor.user_id,
            created_by_label=actor.label[:140],
            created_at=clock.now(),
        )
        return Outcome(target=program, facts={"rights": len(program.permissions), "sensitive": data.sensitive})


def require_giveable_rights(actor: Actor, organization: Organization, codes: Collection[str]) -> None:
    """Refuses what programs cannot have; denies what the actor does not hold at the organization."""
    whole = complete(codes)
    if whole is None:
        raise Refused("token_scopes")
    missing = missing_at(actor, organization, whole)
    if missing:
        raise Denied("program_stronger", missing=", ".join(missing[:3]) + (" …" if len(missing) > 3 else ""))
