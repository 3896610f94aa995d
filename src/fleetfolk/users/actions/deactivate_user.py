"""Close a person's account and hide it."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.actions.last_admin import keep_an_admin
from fleetfolk.users.actions.no_input import ReasonInput
from fleetfolk.users.models import Invitation, State, User
from fleetfolk.users.open_sessions import end_open_sessions
from fleetfolk.users.permissions import DEACTIVATE_USERS


class DeactivateUser(Action[User, ReasonInput]):
    """The person cannot sign in and is in no list; an open invitation is void. Activating brings everything back."""

    code = "user.deactivate"
    label = _("Deactivate user")
    said = _("deactivated %(target)s")
    permission = DEACTIVATE_USERS
    target_model = "users.User"
    input_type = ReasonInput
    risk = Risk.SENSITIVE
    personal_facts = frozenset({"reason"})

    def check(self, *, actor: Actor, target: User, data: ReasonInput) -> None:
        """Refuses oneself, the last Admin, and whoever is deactivated or on the way out."""
        if actor.user_id == target.pk:
            raise Refused("own_account_stays")
        if target.state in (State.DEACTIVATED, State.DELETION_PENDING):
            raise Refused("already", name=str(target), status=str(target.status.label))
        keep_an_admin(target)

    def apply(self, *, actor: Actor, target: User, data: ReasonInput) -> Outcome[User]:
        """Hides the person and ends what is open."""
        target.deactivated_at = clock.now()
        end_open_sessions(target)
        target.save(update_fields=["deactivated_at", "session_epoch"])
        Invitation.objects.filter(user=target, accepted_at__isnull=True, revoked_at__isnull=True).update(
            revoked_at=target.deactivated_at, secret_hash=""
        )
        return Outcome(target=target, facts={"reason": data.reason})
