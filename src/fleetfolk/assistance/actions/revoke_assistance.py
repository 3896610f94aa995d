"""Send the assistant away."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.assistance.actions.revoke_consent import withdraw_consent
from fleetfolk.assistance.ending import end
from fleetfolk.assistance.models import EndCause
from fleetfolk.assistance.queries import unended
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Fact, Outcome
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT


class RevokeAssistance(Action[User, NoInput]):
    """Whoever is in is out at their next request, and cannot come back on the same consent or request."""

    code = "assistance.revoke"
    label = _("Send the assistant away")
    said = _("sent the assistant away")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = NoInput
    personal_facts = frozenset({"assistant"})

    def check(self, *, actor: Actor, target: User, data: NoInput) -> None:
        """Refuses where nobody is in."""
        if not unended(user_id=target.pk).exists():
            raise Refused("assist_nothing")

    def apply(self, *, actor: Actor, target: User, data: NoInput) -> Outcome[User]:
        """Ends it, and takes back what allowed it."""
        consent = withdraw_consent(target)
        rows = list(unended(user_id=target.pk))
        end(rows, cause=EndCause.CUSTOMER)
        facts: dict[str, Fact] = {"assistant": ", ".join(row.agent_label for row in rows), "consent_withdrawn": consent}
        return Outcome(target=target, facts=facts)
