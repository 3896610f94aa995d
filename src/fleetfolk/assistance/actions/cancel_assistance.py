"""End somebody else's assistance."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.assistance.actions.end_assistance import unended_of
from fleetfolk.assistance.ending import end
from fleetfolk.assistance.models import EndCause
from fleetfolk.assistance.permissions import APPROVE
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.models import User


@dataclass(frozen=True, kw_only=True, slots=True)
class CancelAssistanceInput:
    """Which one."""

    assistance_id: int


class CancelAssistance(Action[User, CancelAssistanceInput]):
    """An overseer ended it; it is refused at its next request, and the customer gets a summary."""

    code = "assistance.cancel"
    label = _("End an assistance of somebody else")
    said = _("ended the assistance of %(target)s")
    permission = APPROVE
    target_model = "users.User"
    input_type = CancelAssistanceInput
    personal_facts = frozenset({"assistant"})

    def check(self, *, actor: Actor, target: User, data: CancelAssistanceInput) -> None:
        """Refuses what is over or of another customer."""
        unended_of(target, data.assistance_id)

    def apply(self, *, actor: Actor, target: User, data: CancelAssistanceInput) -> Outcome[User]:
        """Ends it."""
        row = unended_of(target, data.assistance_id)
        end([row], cause=EndCause.CANCELLED)
        return Outcome(target=target, facts={"assistant": row.agent_label, "session": str(row.public_id)})
