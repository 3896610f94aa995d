"""Make the undo link of a deletion, for the mail that is being sent."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor, ActorKind
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.models import State, User
from fleetfolk.users.models_privacy import Deletion
from fleetfolk.users.permissions import DELETE_USERS


@dataclass(frozen=True, kw_only=True, slots=True)
class RotateUndoInput:
    """The hash of the new secret."""

    secret_hash: str


class RotateUndo(Action[User, RotateUndoInput]):
    """The deletion can be undone with the new link alone."""

    code = "user.undo.rotate"
    label = _("Make undo link")
    said = _("made the undo link of %(target)s")
    permission = DELETE_USERS
    target_model = "users.User"
    input_type = RotateUndoInput

    def check(self, *, actor: Actor, target: User, data: RotateUndoInput) -> None:
        """Denies everybody but the mailer; refuses where there is nothing to undo, or others asked for it."""
        if actor.kind is not ActorKind.SYSTEM:
            raise Denied("erase_by_the_system")
        if (
            target.state != State.DELETION_PENDING
            or not Deletion.objects.filter(user=target, by_themselves=True).exists()
        ):
            raise Refused("already", name=str(target), status=str(target.status.label))

    def apply(self, *, actor: Actor, target: User, data: RotateUndoInput) -> Outcome[User]:
        """Keeps the hash."""
        Deletion.objects.filter(user=target).update(secret_hash=data.secret_hash)
        return Outcome(target=target)
