"""Return from another organization."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.users.models import User
from fleetfolk.users.permissions import OWN_ACCOUNT


@dataclass(frozen=True, kw_only=True, slots=True)
class EndWorkInput:
    """The organization in which the person worked, and its name."""

    organization_id: int
    name: str


class EndWork(Action[User, EndWorkInput]):
    """The log says that the person is back home. That needs no right but to be oneself."""

    code = "user.work.end"
    label = _("Return from another organization")
    said = _("returned from another organization")
    permission = OWN_ACCOUNT
    target_model = "users.User"
    input_type = EndWorkInput

    def apply(self, *, actor: Actor, target: User, data: EndWorkInput) -> Outcome[User]:
        """Nothing of the account changes; the entry is the trace."""
        return Outcome(target=target, facts={"organization": data.name, "organization_id": data.organization_id})
