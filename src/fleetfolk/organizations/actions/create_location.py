"""Add a location to an organization."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations import limits
from fleetfolk.organizations.models import Location, Organization
from fleetfolk.organizations.permissions import CREATE_LOCATIONS


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateLocationInput:
    """A name of up to 48 characters, an address in one line, and latitude and longitude where they are known."""

    name: str
    address: str = ""
    place: tuple[float, float] | None = None


class CreateLocation(Action[Organization, CreateLocationInput]):
    """The organization has one more location."""

    code = "location.create"
    label = _("Create location")
    said = _("created a location in %(target)s")
    permission = CREATE_LOCATIONS
    target_model = "organizations.Organization"
    input_type = CreateLocationInput

    def check(self, *, actor: Actor, target: Organization, data: CreateLocationInput) -> None:
        """Refuses a name that the organization already uses, a place beyond the world, and one beyond the plan."""
        require_location_name(target, data.name)
        require_place(data.place)
        limits.require(target.tenant_id, "locations")

    def apply(self, *, actor: Actor, target: Organization, data: CreateLocationInput) -> Outcome[Organization]:
        """Creates it."""
        created = Location.objects.create(
            tenant_id=target.tenant_id,
            organization=target,
            name=data.name,
            address=data.address,
            latitude=data.place[0] if data.place else None,
            longitude=data.place[1] if data.place else None,
            created_at=clock.now(),
        )
        return Outcome(target=target, facts={"location": created.name, "location_id": created.pk})


def require_location_name(organization: Organization, name: str, *, besides: int = 0) -> None:
    """Refuses no name, and one that another location of the organization has."""
    if not name:
        raise Refused("location_name_missing")
    same = Location.objects.filter(tenant=organization.tenant_id, organization=organization, name=name)
    if same.exclude(pk=besides).exists():
        raise Refused("location_name_taken", name=name)


def require_place(place: tuple[float, float] | None) -> None:
    """Refuses what is not on the globe."""
    if place is not None and not (-90 <= place[0] <= 90 and -180 <= place[1] <= 180):
        raise Refused("location_place_unfit")
