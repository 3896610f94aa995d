"""Ask a customer to let support in."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.assistance.actions.start_assistance import require_reason
from fleetfolk.assistance.models import LONGEST, REQUEST_LASTS, Request
from fleetfolk.assistance.permissions import VIEW_AS
from fleetfolk.assistance.queries import ground_for
from fleetfolk.assistance.rules import require_assistable
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor, AssistMode
from fleetfolk.kernel.enqueue import enqueue
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Fact, Outcome
from fleetfolk.organizations.queries import rules_of
from fleetfolk.users.models import User


@dataclass(frozen=True, kw_only=True, slots=True)
class SendRequestInput:
    """What the customer is asked for, and why."""

    mode: AssistMode
    reason: str
    minutes: int
    ticket: str = ""


class SendRequest(Action[User, SendRequestInput]):
    """The customer sees the question in their portal and in a mail, for a quarter of an hour."""

    code = "assistance.request.send"
    label = _("Ask to assist")
    said = _("asked %(target)s to be let in")
    permission = VIEW_AS
    target_model = "users.User"
    input_type = SendRequestInput
    personal_facts = frozenset({"reason", "ticket"})

    def check(self, *, actor: Actor, target: User, data: SendRequestInput) -> None:
        """Refuses without a reason, where nothing need be asked, and whoever asked a moment ago."""
        require_reason(data.reason)
        if not 1 <= data.minutes <= LONGEST.seconds // 60:
            raise Refused("assist_too_long")
        rules = rules_of(target.organization)
        require_assistable(actor, target, mode=data.mode, rules=rules)
        if ground_for(actor.user_id or 0, target, mode=data.mode, rules=rules) is not None:
            raise Refused("assist_no_need")
        # One that was declined counts, too: a no is not worn down.
        asked = Request.objects.filter(user=target, agent_id=actor.user_id, mode=data.mode, expires_at__gt=clock.now())
        if asked.filter(used_at__isnull=True).exists():
            raise Refused("assist_asked", name=str(target))

    def apply(self, *, actor: Actor, target: User, data: SendRequestInput) -> Outcome[User]:
        """Makes the row and queues the mail, which makes its own secret."""
        now = clock.now()
        request = Request.objects.create(
            tenant_id=target.tenant_id,
            user=target,
            agent_id=actor.user_id,
            agent_label=actor.label[:140],
            mode=data.mode,
            reason=data.reason.strip(),
            ticket=data.ticket.strip(),
            minutes=data.minutes,
            asked_at=now,
            expires_at=now + REQUEST_LASTS,
        )
        enqueue("assistance.send_request", request_id=request.pk, tenant_id=target.tenant_id)
        facts: dict[str, Fact] = {
            "mode": str(data.mode),
            "reason": request.reason,
            "ticket": request.ticket,
            "minutes": data.minutes,
        }
        return Outcome(target=target, facts=facts)
