"""Let a disabled person in again."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Alike, Outcome
from fleetfolk.organizations.archived import require_open
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import State, User
from fleetfolk.users.permissions import SUSPEND_USERS


class EnableUser(Action[User, NoInput]):
    """The person can sign in again, with the password they had."""

    code = "user.enable"
    label = _("Enable user")
    said = _("enabled %(target)s")
    permission = SUSPEND_USERS
    target_model = "users.User"
    input_type = NoInput

    def check(self, *, actor: Actor, target: User, data: NoInput) -> None:
        """Refuses for whoever is not disabled."""
        if target.state != State.DISABLED:
            raise Refused("already", name=str(target), status=str(target.status.label))
        require_open(target.organization)

    def apply(self, *, actor: Actor, target: User, data: NoInput) -> Outcome[User]:
        """Enables."""
        target.disabled_at = None
        target.save(update_fields=["disabled_at"])
        return Outcome(target=target)

    def fitting(self, *, actor: Actor, targets: QuerySet[User], data: NoInput) -> QuerySet[User]:
        """The disabled."""
        return targets.filter(state=State.DISABLED, organization__archived_at=None)

    def apply_alike(self, *, actor: Actor, ids: Sequence[int], data: NoInput) -> Sequence[Alike]:
        """Enables."""
        User.objects.filter(pk__in=ids).update(disabled_at=None)
        return [Alike(model=User, ids=ids)]
