"""What a role may do with organizations, locations and tags."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.permissions import Permission

_ORGANIZATIONS = _("Organizations")
_LOCATIONS = _("Locations")

VIEW_ORGANIZATIONS = Permission(
    code="organizations.view",
    label=_("View organizations"),
    sentence=_("See the organizations below one's own, with their people counted."),
    group=_ORGANIZATIONS,
    blynk="ORG_VIEW",
)
ACCESS_SETTINGS = Permission(
    code="organizations.settings.edit",
    label=_("Access organization settings"),
    sentence=_("Change the name, branding, security rules and labels of one's own organization."),
    group=_ORGANIZATIONS,
    requires=(VIEW_ORGANIZATIONS,),
    blynk="OWN_ORG_EDIT",
)
SWITCH_ORGANIZATIONS = Permission(
    code="organizations.switch",
    label=_("Switch to sub-organizations"),
    sentence=_("Work inside an organization below one's own, as its administrator would."),
    group=_ORGANIZATIONS,
    requires=(VIEW_ORGANIZATIONS,),
    blynk="ORG_SWITCH",
)
CREATE_ORGANIZATIONS = Permission(
    code="organizations.create",
    label=_("Create organizations"),
    sentence=_("Add an organization below one's own."),
    group=_ORGANIZATIONS,
    requires=(VIEW_ORGANIZATIONS,),
    blynk="ORG_CREATE",
)
EDIT_ORGANIZATIONS = Permission(
    code="organizations.edit",
    label=_("Edit organizations"),
    sentence=_("Change the name and details of organizations below one's own, and their tags."),
    group=_ORGANIZATIONS,
    requires=(VIEW_ORGANIZATIONS,),
    blynk="ORG_EDIT",
)
DELETE_ORGANIZATIONS = Permission(
    code="organizations.delete",
    label=_("Delete organizations"),
    sentence=_("Delete an organization below one's own once it is empty."),
    group=_ORGANIZATIONS,
    requires=(VIEW_ORGANIZATIONS,),
    blynk="ORG_DELETE",
)
TRANSFER_ORGANIZATIONS = Permission(
    code="organizations.transfer",
    label=_("Transfer organizations"),
    sentence=_("Move an organization, with everything in it, below another one."),
    group=_ORGANIZATIONS,
    requires=(VIEW_ORGANIZATIONS,),
)
CREATE_TENANTS = Permission(
    code="installation.tenants.create",
    label=_("Create tenants"),
    sentence=_("Open a new, separate world of organizations on this installation."),
    group=_("Installation"),
)
EDIT_PLANS = Permission(
    code="installation.plans.edit",
    label=_("Edit plans"),
    sentence=_("Say what each plan allows, and which tenant has which plan."),
    group=_("Installation"),
)

VIEW_OWN_LOCATIONS = Permission(
    code="locations.own.view",
    label=_("View own locations"),
    sentence=_("See the locations that one owns or is assigned to."),
    group=_LOCATIONS,
)
EDIT_OWN_LOCATIONS = Permission(
    code="locations.own.edit",
    label=_("Create, edit and delete own locations"),
    sentence=_("Keep one's own locations in order."),
    group=_LOCATIONS,
    requires=(VIEW_OWN_LOCATIONS,),
)
VIEW_LOCATIONS = Permission(
    code="locations.view",
    label=_("View the organization's locations"),
    sentence=_("See every location of the organization and those below."),
    group=_LOCATIONS,
)
CREATE_LOCATIONS = Permission(
    code="locations.create",
    label=_("Create locations"),
    sentence=_("Add a location to the organization or one below."),
    group=_LOCATIONS,
    requires=(VIEW_LOCATIONS,),
)
EDIT_LOCATIONS = Permission(
    code="locations.edit",
    label=_("Edit locations"),
    sentence=_("Change the name and address of a location."),
    group=_LOCATIONS,
    requires=(VIEW_LOCATIONS,),
)
DELETE_LOCATIONS = Permission(
    code="locations.delete",
    label=_("Delete locations"),
    sentence=_("Delete a location; its people and devices stay."),
    group=_LOCATIONS,
    requires=(VIEW_LOCATIONS,),
)
ASSIGN_LOCATIONS = Permission(
    code="locations.users.assign",
    label=_("Assign users to locations"),
    sentence=_("Say who belongs to which location."),
    group=_LOCATIONS,
    requires=(VIEW_LOCATIONS,),
)
