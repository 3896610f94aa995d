"""Begin to assist somebody."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.assistance.models import LONGEST, SHORTEST_REASON, Assistance, Request
from fleetfolk.assistance.permissions import VIEW_AS
from fleetfolk.assistance.queries import Ground, ground_for, oddness, unended
from fleetfolk.assistance.rules import require_assistable
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor, AssistMode
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Fact, Outcome
from fleetfolk.organizations.queries import rules_of
from fleetfolk.users.mail import notify
from fleetfolk.users.models import User


@dataclass(frozen=True, kw_only=True, slots=True)
class StartAssistanceInput:
    """Why and for how long, and the hashes of what the assistant's browser holds: the cookie and its own session."""

    mode: AssistMode
    reason: str
    minutes: int
    secret_hash: str
    browser_hash: str
    ticket: str = ""


class StartAssistance(Action[User, StartAssistanceInput]):
    """The assistant's browser may open the customer's view for a while, and the customer is told at once."""

    code = "assistance.start"
    label = _("Start remote assistance")
    said = _("began to assist %(target)s")
    permission = VIEW_AS
    target_model = "users.User"
    input_type = StartAssistanceInput
    risk = Risk.SENSITIVE
    personal_facts = frozenset({"reason", "ticket"})

    def check(self, *, actor: Actor, target: User, data: StartAssistanceInput) -> None:
        """Refuses without a reason, without a ground, and where either of the two is at it already."""
        require_reason(data.reason)
        if not 1 <= data.minutes <= LONGEST.seconds // 60:
            raise Refused("assist_too_long")
        rules = rules_of(target.organization)
        require_assistable(actor, target, mode=data.mode, rules=rules)
        # Two starts of one assistant wait for each other here; an assistant is nobody's customer, so never in a ring.
        User.objects.select_for_update(no_key=True, of=("self",)).filter(pk=actor.user_id or 0).first()
        other = unended(agent_id=actor.user_id or 0, user_id=target.pk).first()
        if other is not None:
            reason = "assist_running" if other.agent_id == actor.user_id else "assist_busy"
            raise Refused(reason, name=other.user_label, agent=other.agent_label)
        if self._ground(actor, target, data) is None:
            raise Refused("assist_no_consent", name=str(target))

    def apply(self, *, actor: Actor, target: User, data: StartAssistanceInput) -> Outcome[User]:
        """Makes the row. A request that was answered fixes what it was about."""
        ground = self._ground(actor, target, data)
        assert ground is not None  # noqa: S101 - `check` refused otherwise
        now, minutes, reason, ticket = clock.now(), data.minutes, data.reason.strip(), data.ticket.strip()
        if ground.request is not None:
            minutes, reason, ticket = min(minutes, ground.request.minutes), ground.request.reason, ground.request.ticket
            Request.objects.filter(pk=ground.request.pk).update(used_at=now)
        ends_at = now + dt.timedelta(minutes=minutes)
        if ground.consent is not None:
            ends_at = min(ends_at, ground.consent.until)
        unusual = oddness(actor.user_id or 0, target, at=now)
        row = Assistance.objects.create(
            tenant_id=target.tenant_id,
            user=target,
            user_label=str(target)[:140],
            agent_id=actor.user_id,
            agent_label=actor.label[:140],
            organization=target.organization,
            mode=data.mode,
            reason=reason,
            ticket=ticket,
            basis=ground.basis,
            consent=ground.consent,
            request=ground.request,
            unusual=unusual,
            secret_hash=data.secret_hash,
            browser_hash=data.browser_hash,
            started_at=now,
            ends_at=ends_at,
            seen_at=now,
        )
        notify(
            target,
            "assist_acting" if data.mode == AssistMode.ACT else "assist_viewing",
            agent=actor.label,
            organization=target.tenant.name,
            reason=reason,
            minutes=str(minutes),
        )
        if unusual:
            enqueue("assistance.tell_overseers", assistance_id=row.pk)
        facts: dict[str, Fact] = {
            "mode": str(data.mode),
            "reason": reason,
            "ticket": ticket,
            "minutes": minutes,
            "basis": str(ground.basis),
        }
        if unusual:
            facts["unusual"] = unusual
        return Outcome(target=target, facts=facts | {"session": str(row.public_id)})

    def _ground(self, actor: Actor, target: User, data: StartAssistanceInput) -> Ground | None:
        return ground_for(actor.user_id or 0, target, mode=data.mode, rules=rules_of(target.organization))


def require_reason(reason: str) -> None:
    """Refuses what is no reason."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused("assist_reason")
