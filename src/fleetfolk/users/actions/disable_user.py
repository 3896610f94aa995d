"""Keep a person from signing in."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Alike, Outcome
from fleetfolk.users.actions.last_admin import keep_an_admin, without_admins
from fleetfolk.users.actions.no_input import ReasonInput
from fleetfolk.users.models import State, User
from fleetfolk.users.open_sessions import end_open_sessions, end_sessions_of_all
from fleetfolk.users.permissions import SUSPEND_USERS


class DisableUser(Action[User, ReasonInput]):
    """The person is refused from their next request on, and sign-in says so."""

    code = "user.disable"
    label = _("Disable user")
    said = _("disabled %(target)s")
    permission = SUSPEND_USERS
    target_model = "users.User"
    input_type = ReasonInput
    risk = Risk.SENSITIVE
    personal_facts = frozenset({"reason"})

    def check(self, *, actor: Actor, target: User, data: ReasonInput) -> None:
        """Refuses oneself, the last Admin, and whoever is disabled or on the way out."""
        if actor.user_id == target.pk:
            raise Refused("own_account_stays")
        if target.state not in (State.ACTIVE, State.PENDING):
            raise Refused("already", name=str(target), status=str(target.status.label))
        keep_an_admin(target)

    def apply(self, *, actor: Actor, target: User, data: ReasonInput) -> Outcome[User]:
        """Disables, and ends the sessions so that enabling revives none."""
        target.disabled_at = clock.now()
        end_open_sessions(target)
        target.save(update_fields=["disabled_at", "session_epoch"])
        return Outcome(target=target, facts={"reason": data.reason})

    def fitting(self, *, actor: Actor, targets: QuerySet[User], data: ReasonInput) -> QuerySet[User]:
        """The active and the pending, less Admins and the actor themselves."""
        open_ones = targets.filter(state__in=(State.ACTIVE, State.PENDING))
        return without_admins(open_ones).exclude(pk=actor.user_id or 0)

    def apply_alike(self, *, actor: Actor, ids: Sequence[int], data: ReasonInput) -> Sequence[Alike]:
        """Disables, and ends the sessions."""
        User.objects.filter(pk__in=ids).update(disabled_at=clock.now())
        end_sessions_of_all(ids)
        return [Alike(model=User, ids=ids, facts={"reason": data.reason})]
