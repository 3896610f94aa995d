"""Restore a deleted person."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Alike, Outcome
from fleetfolk.organizations import limits
from fleetfolk.users.actions.no_input import NoInput
from fleetfolk.users.models import RESTORABLE_FOR, State, User
from fleetfolk.users.models_privacy import Deletion
from fleetfolk.users.permissions import DELETE_USERS


class RestoreUser(Action[User, NoInput]):
    """The account is as it was before it was deleted; its sessions stay ended."""

    code = "user.restore"
    label = _("Restore user")
    said = _("restored %(target)s")
    permission = DELETE_USERS
    target_model = "users.User"
    input_type = NoInput

    def check(self, *, actor: Actor, target: User, data: NoInput) -> None:
        """Refuses for whoever is not deleted, is deactivated besides, or is about to be erased, and without a seat."""
        require_restorable(target)
        limits.require(target.tenant_id, "users")

    def apply(self, *, actor: Actor, target: User, data: NoInput) -> Outcome[User]:
        """Ends the grace period."""
        end_deletion(target)
        return Outcome(target=target)

    def fitting(self, *, actor: Actor, targets: QuerySet[User], data: NoInput) -> QuerySet[User]:
        """Whoever is deleted, not deactivated, and within the days of grace. A limited tenant counts one by one."""
        if limits.is_limited(actor.tenant_id, "users"):
            return targets.none()
        return targets.filter(state=State.DELETION_PENDING, deletion_requested_at__gt=clock.now() - RESTORABLE_FOR)

    def apply_alike(self, *, actor: Actor, ids: Sequence[int], data: NoInput) -> Sequence[Alike]:
        """Ends their grace periods."""
        User.objects.filter(pk__in=ids).update(deletion_requested_at=None)
        Deletion.objects.filter(user_id__in=ids).delete()
        return [Alike(model=User, ids=ids)]


def require_restorable(target: User) -> None:
    """Refuses where there is nothing to undo, or it is too late: erasing has begun as soon as the days are over."""
    requested = target.deletion_requested_at
    if requested is None:
        raise Refused("already", name=str(target), status=str(target.status.label))
    if target.state == State.DEACTIVATED:
        raise Refused("restore_deactivated", name=str(target))
    if clock.now() >= requested + RESTORABLE_FOR:
        raise Refused("restore_over")


def end_deletion(target: User) -> None:
    """The person stays, and the undo link is void."""
    target.deletion_requested_at = None
    target.save(update_fields=["deletion_requested_at"])
    Deletion.objects.filter(user=target).delete()
