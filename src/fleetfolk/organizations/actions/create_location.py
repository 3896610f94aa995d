"""Add a location to an organization."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import Action
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.organizations.models import Location, Organization
from fleetfolk.organizations.permissions import CREATE_LOCATIONS


@dataclass(frozen=True, kw_only=True, slots=True)
class CreateLocationInput:
    """A name of up to 48 characters and an address in one line."""

    name: str
    address: str = ""


class CreateLocation(Action[Organization, CreateLocationInput]):
    """The organization has one more location."""

    code = "location.create"
    label = _("Create location")
    said = _("created a location in %(target)s")
    permission = CREATE_LOCATIONS
    target_model = "organizations.Organization"
    input_type = CreateLocationInput

    def check(self, *, actor: Actor, target: Organization, data: CreateLocationInput) -> None:
        """Refuses a name that the organization already uses."""
        if Location.objects.filter(tenant=target.tenant_id, organization=target, name=data.name).exists():
            raise Refused("location_name_taken", name=data.name)

    def apply(self, *, actor: Actor, target: Organization, data: CreateLocationInput) -> Outcome[Organization]:
        """Creates it."""
        created = Location.objects.create(
            tenant_id=target.tenant_id,
            organization=target,
            name=data.name,
            address=data.address,
            created_at=clock.now(),
        )
        return Outcome(target=target, facts={"location": created.name, "location_id": created.pk})
