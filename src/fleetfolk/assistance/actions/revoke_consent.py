"""Keep support out again."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.assistance.ending import end, withdraw_requests
from fleetfolk.assistance.models import Consent, EndCause
from fleetfolk.assistance.queries import unended
from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT


class RevokeConsent(Action[User, NoInput]):
    """Nothing is allowed any more, what was asked cannot be begun, and who is in is out at their next request."""

    code = "assistance.consent.revoke"
    label = _("Withdraw the consent to remote assistance")
    said = _("withdrew their consent to be assisted")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = NoInput

    def apply(self, *, actor: Actor, target: User, data: NoInput) -> Outcome[User]:
        """Closes all of it."""
        withdraw_consent(target)
        ended = end(unended(user_id=target.pk), cause=EndCause.CONSENT)
        return Outcome(target=target, facts={"ended": ended})


def withdraw_consent(target: User) -> bool:
    """No consent stands and no request can be begun; whether a consent did stand. Called inside an Action."""
    withdraw_requests(target.pk)
    now = clock.now()
    standing = Consent.objects.filter(user=target, revoked_at__isnull=True)
    stood = standing.filter(until__gt=now).exists()
    standing.update(revoked_at=now)
    return stood
