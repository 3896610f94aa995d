"""Change what a program is called and may do."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.permissions import EDIT_TOKENS
from fleetfolk.api.actions.create_program import require_giveable_rights
from fleetfolk.api.actions.create_token import require_name
from fleetfolk.api.models import Program
from fleetfolk.api.scopes import complete, require_hands
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Change, Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class EditProgramInput:
    """What it is called, and what it may do."""

    name: str
    permissions: Sequence[str]
    sensitive: bool = False


class EditProgram(Action[Program, EditProgramInput]):
    """The program may do this from its next request on, also by the tokens that it has."""

    code = "program.edit"
    label = _("Edit program")
    said = _("changed the program %(target)s")
    permission = EDIT_TOKENS
    target_model = "api.Program"
    input_type = EditProgramInput
    risk = Risk.SENSITIVE

    def check(self, *, actor: Actor, target: Program, data: EditProgramInput) -> None:
        """Denies more than the actor holds there; refuses a name that is there."""
        require_hands(actor)
        require_name(data.name)
        require_giveable_rights(actor, target.organization, data.permissions)
        others = Program.objects.filter(organization_id=target.organization_id).exclude(pk=target.pk)
        if others.filter(name=data.name).exists():
            raise Refused("token_name_taken", name=data.name)

    def apply(self, *, actor: Actor, target: Program, data: EditProgramInput) -> Outcome[Program]:
        """Saves it."""
        wanted = complete(data.permissions) or []
        added, removed = set(wanted) - set(target.permissions), set(target.permissions) - set(wanted)
        changes = [Change("name", target.name, data.name)] if target.name != data.name else []
        if target.sensitive != data.sensitive:
            changes.append(Change("sensitive", target.sensitive, data.sensitive))
        target.name, target.permissions, target.sensitive = data.name, wanted, data.sensitive
        target.save(update_fields=["name", "permissions", "sensitive"])
        facts = {"added": ", ".join(sorted(added)), "removed": ", ".join(sorted(removed))}
        return Outcome(target=target, changes=changes, facts={name: said for name, said in facts.items() if said})
