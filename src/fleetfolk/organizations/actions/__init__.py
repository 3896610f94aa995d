"""Changes to organizations, locations and tags."""

from fleetfolk.organizations.actions.archive_field import ArchiveField, ArchiveFieldInput
from fleetfolk.organizations.actions.assign_plan import AssignPlan, AssignPlanInput
from fleetfolk.organizations.actions.create_field import CreateField, CreateFieldInput
from fleetfolk.organizations.actions.create_location import CreateLocation, CreateLocationInput
from fleetfolk.organizations.actions.create_organization import CreateOrganization, CreateOrganizationInput
from fleetfolk.organizations.actions.create_plan import CreatePlan, PlanInput
from fleetfolk.organizations.actions.create_tag import CreateTag, CreateTagInput
from fleetfolk.organizations.actions.delete_location import DeleteLocation, DeleteLocationInput
from fleetfolk.organizations.actions.delete_plan import DeletePlan, DeletePlanInput
from fleetfolk.organizations.actions.delete_tag import DeleteTag, DeleteTagInput
from fleetfolk.organizations.actions.edit_brand import EditBrand, EditBrandInput
from fleetfolk.organizations.actions.edit_field import EditField, EditFieldInput
from fleetfolk.organizations.actions.edit_location import EditLocation, EditLocationInput
from fleetfolk.organizations.actions.edit_location_word import EditLocationWord, EditLocationWordInput
from fleetfolk.organizations.actions.edit_organization import EditOrganization, EditOrganizationInput
from fleetfolk.organizations.actions.edit_plan import EditPlan
from fleetfolk.organizations.actions.edit_tag import EditTag, EditTagInput
from fleetfolk.organizations.actions.export_organizations import ExportOrganizations, ExportOrganizationsInput
from fleetfolk.organizations.actions.restore_tag import RestoreTag, RestoreTagInput

__all__ = [
    "ArchiveField",
    "ArchiveFieldInput",
    "AssignPlan",
    "AssignPlanInput",
    "CreateField",
    "CreateFieldInput",
    "CreateLocation",
    "CreateLocationInput",
    "CreateOrganization",
    "CreateOrganizationInput",
    "CreatePlan",
    "CreateTag",
    "CreateTagInput",
    "DeleteLocation",
    "DeleteLocationInput",
    "DeletePlan",
    "DeletePlanInput",
    "DeleteTag",
    "DeleteTagInput",
    "EditBrand",
    "EditBrandInput",
    "EditField",
    "EditFieldInput",
    "EditLocation",
    "EditLocationInput",
    "EditLocationWord",
    "EditLocationWordInput",
    "EditOrganization",
    "EditOrganizationInput",
    "EditPlan",
    "EditTag",
    "EditTagInput",
    "ExportOrganizations",
    "ExportOrganizationsInput",
    "PlanInput",
    "RestoreTag",
    "RestoreTagInput",
]
