"""Get no more pushes in a browser."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.messages.pushes import pushes_of
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT


@dataclass(frozen=True, kw_only=True, slots=True)
class DeletePushInput:
    """Which of the target's browsers. ``cause`` is for the log: ``asked``, or what the push service said of it."""

    push_id: int
    cause: str = "asked"


class DeletePush(Action[User, DeletePushInput]):
    """Nothing is posted to that browser any more, and its keys are forgotten."""

    code = "user.push.delete"
    label = _("Get no pushes in a browser")
    said = _("turned off pushes in a browser")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = DeletePushInput

    def check(self, *, actor: Actor, target: User, data: DeletePushInput) -> None:
        """Refuses what is no browser of the person, as if there were none anywhere."""
        if not pushes_of(target).filter(pk=data.push_id).exists():
            raise Refused("no_such_push")

    def apply(self, *, actor: Actor, target: User, data: DeletePushInput) -> Outcome[User]:
        """Deletes the row."""
        push = pushes_of(target).get(pk=data.push_id)
        push.delete()
        return Outcome(target=target, facts={"browser": push.browser, "cause": data.cause})
