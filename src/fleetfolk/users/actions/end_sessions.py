"""Sign a person out everywhere."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Alike, Outcome
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import User
from fleetfolk.users.open_sessions import end_open_sessions, end_sessions_of_all
from fleetfolk.users.permissions import FORCE_LOGOUT


class EndSessions(Action[User, NoInput]):
    """Every session of the person, on every device, is refused at its next request."""

    code = "user.sessions.end"
    label = _("Force log-out")
    said = _("signed %(target)s out everywhere")
    permission = FORCE_LOGOUT
    target_model = "users.User"
    input_type = NoInput

    def apply(self, *, actor: Actor, target: User, data: NoInput) -> Outcome[User]:
        """Moves the epoch on, with which every session is signed."""
        end_open_sessions(target)
        target.save(update_fields=["session_epoch"])
        return Outcome(target=target)

    def fitting(self, *, actor: Actor, targets: QuerySet[User], data: NoInput) -> QuerySet[User]:
        """Everybody."""
        return targets

    def apply_alike(self, *, actor: Actor, ids: Sequence[int], data: NoInput) -> Sequence[Alike]:
        """Moves the epochs on."""
        end_sessions_of_all(ids)
        return [Alike(model=User, ids=ids)]
