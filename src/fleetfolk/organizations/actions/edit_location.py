"""Change what a location is called and where it is."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.outcome import Outcome, changes_between
from fleetfolk.organizations.actions.create_location import require_location_name, require_place
from fleetfolk.organizations.models import Location
from fleetfolk.organizations.permissions import EDIT_LOCATIONS


@dataclass(frozen=True, kw_only=True, slots=True)
class EditLocationInput:
    """Everything that the location says from now on; ``place`` is latitude and longitude, or None."""

    name: str
    address: str = ""
    place: tuple[float, float] | None = None


class EditLocation(Action[Location, EditLocationInput]):
    """The location is called and stands as given."""

    code = "location.edit"
    label = _("Edit location")
    said = _("edited the location %(target)s")
    permission = EDIT_LOCATIONS
    target_model = "organizations.Location"
    input_type = EditLocationInput

    def check(self, *, actor: Actor, target: Location, data: EditLocationInput) -> None:
        """Refuses a name that another location of the organization has, and a place beyond the world."""
        require_location_name(target.organization, data.name, besides=target.pk)
        require_place(data.place)

    def apply(self, *, actor: Actor, target: Location, data: EditLocationInput) -> Outcome[Location]:
        """Saves what differs."""
        latitude, longitude = data.place or (None, None)
        values = {"name": data.name, "address": data.address, "latitude": latitude, "longitude": longitude}
        changes = changes_between(target, values)
        for change in changes:
            setattr(target, change.field, values[change.field])
        if changes:
            target.save(update_fields=[change.field for change in changes])
        return Outcome(target=target, changes=changes)
