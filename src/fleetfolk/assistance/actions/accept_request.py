"""Let support in that asked."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.assistance.models import Request
from fleetfolk.assistance.rules import require_assistable
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor, ActorKind, Client
from fleetfolk.kernel.errors import ActionError, Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.queries import rules_of
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerRequestInput:
    """Which request."""

    request_id: int


class AcceptRequest(Action[User, AnswerRequestInput]):
    """Who asked may begin, in their own browser and within a quarter of an hour. Nothing begins by itself."""

    code = "assistance.request.accept"
    label = _("Let support in that asked")
    said = _("let support in")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = AnswerRequestInput
    personal_facts = frozenset({"assistant"})

    def check(self, *, actor: Actor, target: User, data: AnswerRequestInput) -> None:
        """Refuses what was answered, is too old, or was asked by somebody who may not begin any more."""
        request = open_request_of(target, data.request_id)
        if request.agent is None:
            raise Refused("assist_request_over")
        agent = Actor(
            kind=ActorKind.USER,
            id=str(request.agent_id),
            label=request.agent_label,
            tenant_id=target.tenant_id,
            client=Client.WEB,
        )
        try:
            require_assistable(agent, target, mode=request.mode, rules=rules_of(target.organization))
        except ActionError as error:
            raise Refused("assist_request_over") from error

    def apply(self, *, actor: Actor, target: User, data: AnswerRequestInput) -> Outcome[User]:
        """Writes the yes."""
        request = open_request_of(target, data.request_id)
        answer(request, accepted=True)
        return Outcome(target=target, facts={"assistant": request.agent_label, "mode": request.mode})


def open_request_of(target: User, request_id: int) -> Request:
    """The customer's open request of this key; else `Refused`."""
    request = Request.objects.select_related("agent").filter(pk=request_id, user=target).first()
    if request is None or not request.is_open:
        raise Refused("assist_request_over")
    return request


def answer(request: Request, *, accepted: bool) -> None:
    """The request has its answer, and its link is void."""
    request.answered_at, request.accepted, request.secret_hash = clock.now(), accepted, ""
    request.save(update_fields=["answered_at", "accepted", "secret_hash"])
