"""Delete a location."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.models import Location
from fleetfolk.organizations.permissions import DELETE_LOCATIONS


@dataclass(frozen=True, kw_only=True, slots=True)
class DeleteLocationInput:
    """Nothing more is needed."""


class DeleteLocation(Action[Location, DeleteLocationInput]):
    """The location is gone. Its people and devices stay, without a location."""

    code = "location.delete"
    label = _("Delete location")
    said = _("deleted the location %(target)s")
    permission = DELETE_LOCATIONS
    target_model = "organizations.Location"
    input_type = DeleteLocationInput

    def apply(self, *, actor: Actor, target: Location, data: DeleteLocationInput) -> Outcome[Location]:
        """Deletes it; whoever was assigned is assigned nowhere."""
        key = target.pk
        target.delete()
        target.pk = key
        return Outcome(target=target, facts={"address": target.address})
