"""Say no to support that asked."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.assistance.actions.accept_request import AnswerRequestInput, answer, open_request_of
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT


class CancelRequest(Action[User, AnswerRequestInput]):
    """Nothing can be made of the request any more."""

    code = "assistance.request.cancel"
    label = _("Say no to support that asked")
    said = _("did not let support in")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = AnswerRequestInput
    personal_facts = frozenset({"assistant"})

    def check(self, *, actor: Actor, target: User, data: AnswerRequestInput) -> None:
        """Refuses what was answered or is too old."""
        open_request_of(target, data.request_id)

    def apply(self, *, actor: Actor, target: User, data: AnswerRequestInput) -> Outcome[User]:
        """Writes the no."""
        request = open_request_of(target, data.request_id)
        answer(request, accepted=False)
        return Outcome(target=target, facts={"assistant": request.agent_label, "mode": request.mode})
