"""Say where somebody belongs."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Change, Outcome
from fleetfolk.organizations.permissions import ASSIGN_LOCATIONS
from fleetfolk.users.actions.invite_user import require_location
from fleetfolk.users.models import User


@dataclass(frozen=True, kw_only=True, slots=True)
class AssignLocationInput:
    """The key of a location of the person's organization; None is no location."""

    location_id: int | None


class AssignLocation(Action[User, AssignLocationInput]):
    """The person belongs to the location."""

    code = "user.location.assign"
    label = _("Assign to a location")
    said = _("assigned %(target)s to a location")
    permission = ASSIGN_LOCATIONS
    target_model = "users.User"
    input_type = AssignLocationInput

    def check(self, *, actor: Actor, target: User, data: AssignLocationInput) -> None:
        """Refuses a location of another organization."""
        require_location(target.organization, data.location_id)

    def apply(self, *, actor: Actor, target: User, data: AssignLocationInput) -> Outcome[User]:
        """Saves it where it differs."""
        if target.location_id == data.location_id:
            return Outcome(target=target)
        before = target.location.name if target.location else None
        target.location_id = data.location_id
        target.save(update_fields=["location"])
        after = target.location.name if target.location else None
        return Outcome(target=target, changes=[Change("location", before, after)])
