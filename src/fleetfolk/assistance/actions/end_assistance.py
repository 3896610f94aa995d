"""Stop assisting."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.assistance.ending import end
from fleetfolk.assistance.models import Assistance, EndCause
from fleetfolk.assistance.permissions import VIEW_AS
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor, ActorKind
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.models import User


@dataclass(frozen=True, kw_only=True, slots=True)
class EndAssistanceInput:
    """Which one, and why: what people end, they stopped; the installation says the cause."""

    assistance_id: int
    cause: EndCause = EndCause.AGENT


class EndAssistance(Action[User, EndAssistanceInput]):
    """The assistance is over from its next request on, and the customer gets a summary. Only who began it may."""

    code = "assistance.end"
    label = _("Stop remote assistance")
    said = _("stopped assisting %(target)s")
    permission = VIEW_AS
    target_model = "users.User"
    input_type = EndAssistanceInput

    def check(self, *, actor: Actor, target: User, data: EndAssistanceInput) -> None:
        """Refuses what is over, what is of another customer, and what somebody else began."""
        row = unended_of(target, data.assistance_id)
        if actor.kind is not ActorKind.SYSTEM and row.agent_id != actor.user_id:
            raise Denied("assist_not_yours")

    def apply(self, *, actor: Actor, target: User, data: EndAssistanceInput) -> Outcome[User]:
        """Ends it."""
        row = unended_of(target, data.assistance_id)
        cause = data.cause if actor.kind is ActorKind.SYSTEM else EndCause.AGENT
        end([row], cause=cause)
        return Outcome(target=target, facts={"cause": str(cause), "session": str(row.public_id)})


def unended_of(target: User, assistance_id: int) -> Assistance:
    """The customer's assistance of this key; `Refused` where it is over or not theirs."""
    row = Assistance.objects.filter(pk=assistance_id, user=target, ended_at__isnull=True).first()
    if row is None:
        raise Refused("assist_over")
    return row
