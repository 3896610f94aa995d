"""Delete a person's account, restorable for a while."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action, Risk
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Alike, Fact, Outcome
from fleetfolk.users.actions.last_admin import keep_an_admin, without_admins
from fleetfolk.users.models import RESTORABLE_FOR, Invitation, State, User
from fleetfolk.users.models_privacy import Deletion
from fleetfolk.users.open_sessions import end_open_sessions, end_sessions_of_all
from fleetfolk.users.permissions import DELETE_USERS


@dataclass(frozen=True, kw_only=True, slots=True)
class DeleteUserInput:
    """Why, and whether the address may never be added again."""

    reason: str = ""
    suppress: bool = False


class DeleteUser(Action[User, DeleteUserInput]):
    """The person is out at once; the account can be restored for seven days and is then erased."""

    code = "user.delete"
    label = _("Delete user")
    said = _("deleted %(target)s")
    permission = DELETE_USERS
    target_model = "users.User"
    input_type = DeleteUserInput
    risk = Risk.IRREVERSIBLE
    personal_facts = frozenset({"reason"})

    def check(self, *, actor: Actor, target: User, data: DeleteUserInput) -> None:
        """Refuses oneself, the last Admin, and whoever is deleted already."""
        if actor.user_id == target.pk:
            raise Refused("own_account_stays")
        require_not_deleted(target)
        keep_an_admin(target)

    def apply(self, *, actor: Actor, target: User, data: DeleteUserInput) -> Outcome[User]:
        """Starts the grace period."""
        return Outcome(
            target=target, facts={"reason": data.reason, **begin_deletion(target, suppress=data.suppress, own=False)}
        )

    def fitting(self, *, actor: Actor, targets: QuerySet[User], data: DeleteUserInput) -> QuerySet[User]:
        """Whoever is not deleted, less Admins and the actor themselves."""
        staying = targets.filter(deletion_requested_at=None)
        return without_admins(staying).exclude(pk=actor.user_id or 0)

    def apply_alike(self, *, actor: Actor, ids: Sequence[int], data: DeleteUserInput) -> Sequence[Alike]:
        """Starts their grace periods."""
        now = clock.now()
        User.objects.filter(pk__in=ids).update(deletion_requested_at=now)
        end_sessions_of_all(ids)
        Invitation.objects.filter(user_id__in=ids, accepted_at__isnull=True).update(revoked_at=now, secret_hash="")
        Deletion.objects.bulk_create(
            Deletion(tenant_id=actor.tenant_id, user_id=key, requested_at=now, suppress=data.suppress) for key in ids
        )
        facts = {"reason": data.reason, **_facts(now, suppress=data.suppress)}
        return [Alike(model=User, ids=ids, facts=facts)]


def require_not_deleted(target: User) -> None:
    """Refuses whoever is on the way out already: the days of grace run once."""
    if target.deletion_requested_at is not None:
        status = State.DELETION_PENDING.label
        raise Refused("already", name=str(target), status=str(status))


def begin_deletion(target: User, *, suppress: bool, own: bool) -> dict[str, Fact]:
    """The grace period runs: sessions are ended and an open invitation is void. Returns what the log is told."""
    now = clock.now()
    target.deletion_requested_at = now
    end_open_sessions(target)
    target.save(update_fields=["deletion_requested_at", "session_epoch"])
    Invitation.objects.filter(user=target, accepted_at__isnull=True).update(revoked_at=now, secret_hash="")
    Deletion.objects.create(
        tenant_id=target.tenant_id, user=target, requested_at=now, by_themselves=own, suppress=suppress
    )
    return _facts(now, suppress=suppress)


def _facts(now: dt.datetime, *, suppress: bool) -> dict[str, Fact]:
    return {"erased_after": (now + RESTORABLE_FOR).isoformat(), "suppress": suppress}
