"""Changes to organizations, locations and tags."""

from fleetfolk.organizations.actions.archive_field import ArchiveField, ArchiveFieldInput
from fleetfolk.organizations.actions.create_field import CreateField, CreateFieldInput
from fleetfolk.organizations.actions.create_location import CreateLocation, CreateLocationInput
from fleetfolk.organizations.actions.create_organization import CreateOrganization, CreateOrganizationInput
from fleetfolk.organizations.actions.create_tag import CreateTag, CreateTagInput
from fleetfolk.organizations.actions.edit_field import EditField, EditFieldInput

__all__ = [
    "ArchiveField",
    "ArchiveFieldInput",
    "CreateField",
    "CreateFieldInput",
    "CreateLocation",
    "CreateLocationInput",
    "CreateOrganization",
    "CreateOrganizationInput",
    "CreateTag",
    "CreateTagInput",
    "EditField",
    "EditFieldInput",
]
