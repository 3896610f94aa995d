"""Whether somebody may assist somebody: one answer, asked at every step.

The dialog, the request, its answer, the start and every single request of an assistance ask here, so that no step can
forget a rule that another one has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import Grant, grants_of
from fleetfolk.access.models_switches import held_at_home
from fleetfolk.assistance.models import EndCause
from fleetfolk.assistance.permissions import ACT_AS, CODES, VIEW_AS
from fleetfolk.kernel.actor import Actor, ActorKind, AssistMode
from fleetfolk.kernel.errors import ActionError, Denied, Refused, TargetNotFound
from fleetfolk.organizations.models import AssistanceRule
from fleetfolk.organizations.queries import Rules
from fleetfolk.users.models import State, User
from fleetfolk.users.permissions import VIEW_USERS

STAFF: Final = CODES | {VIEW_USERS.code}
"""Whoever holds one of these works here. They see more than a portal, so they are not assisted in one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Objection:
    """Why not, what a running assistance ends with, and which refusal it is."""

    reason: str
    cause: EndCause
    kind: type[ActionError] = Refused


def objection(  # noqa: PLR0911 - one rule a line
    agent: Actor, customer: User, *, mode: str, rules: Rules, grants: Sequence[Grant] | None = None
) -> Objection | None:
    """The first rule against it, or None. ``rules`` are those of the customer's organization.

    ``grants`` spares the look-up where the agent was loaded a moment ago.
    """
    if agent.kind is not ActorKind.USER or agent.assisted_by is not None:
        return Objection(reason="assist_never", cause=EndCause.RIGHTS, kind=Denied)
    if agent.user_id == customer.pk:
        return Objection(reason="assist_self", cause=EndCause.RIGHTS, kind=Denied)
    held = grants_of(agent) if grants is None else grants
    for permission in (VIEW_AS, *([ACT_AS] if mode == AssistMode.ACT else [])):
        decision = GATE.decide(agent, permission, customer, held)
        if not decision.visible:
            return Objection(reason="not_found", cause=EndCause.RIGHTS, kind=TargetNotFound)
        if not decision.allowed:
            return Objection(reason=decision.reason, cause=EndCause.RIGHTS, kind=Denied)
    if STAFF & held_at_home(customer):
        return Objection(reason="assist_staff", cause=EndCause.TARGET, kind=Denied)
    if customer.state != State.ACTIVE:
        return Objection(reason="assist_state", cause=EndCause.TARGET)
    if rules.assistance == AssistanceRule.OFF:
        return Objection(reason="assist_off", cause=EndCause.RULE)
    return None


def require_assistable(agent: Actor, customer: User, *, mode: str, rules: Rules) -> None:
    """Return where the agent may; raise what the first rule against it says."""
    against = objection(agent, customer, mode=mode, rules=rules)
    if against is not None:
        raise against.kind(against.reason, name=str(customer), organization=customer.organization.name)
