"""Changes to organizations, locations and tags."""

from fleetfolk.organizations.actions.create_location import CreateLocation, CreateLocationInput
from fleetfolk.organizations.actions.create_organization import CreateOrganization, CreateOrganizationInput
from fleetfolk.organizations.actions.create_tag import CreateTag, CreateTagInput

__all__ = [
    "CreateLocation",
    "CreateLocationInput",
    "CreateOrganization",
    "CreateOrganizationInput",
    "CreateTag",
    "CreateTagInput",
]
