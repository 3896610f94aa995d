"""Samples of locations."""

from typing import Any

from fleetfolk.organizations.actions import DeleteLocationInput, EditLocationInput, EditLocationWordInput
from fleetfolk.organizations.models import Location, LocationWord
from fleetfolk.testing.cast import Cast, actor
from fleetfolk.testing.door import staging
from fleetfolk.testing.sampling import Sample, Samples, cleo, north
from fleetfolk.users.actions.assign_location import AssignLocationInput


def depot(cast: Cast) -> Location:
    """A location of North."""
    with staging():
        found, _created = Location.objects.get_or_create(tenant=cast.lumen, organization=cast.north, name="Depot")
    return found


def _depot(cast: Cast, data: Any) -> Sample:
    return Sample(target_id=depot(cast).pk, data=data, permitted=actor(cast.ada))


SAMPLES: Samples = {
    "location.edit": lambda cast: _depot(cast, EditLocationInput(name="Main depot", place=(53.55, 9.99))),
    "location.delete": lambda cast: _depot(cast, DeleteLocationInput()),
    "location.word.edit": lambda cast: north(cast, EditLocationWordInput(word=LocationWord.SITE)),
    "user.location.assign": lambda cast: cleo(cast, AssignLocationInput(location_id=depot(cast).pk)),
}
