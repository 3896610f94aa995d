"""What a role may do with the directories that keep an organization's people."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.permissions import Permission

_ORGANIZATIONS = _("Organizations")

VIEW_SCIM = Permission(
    code="scim.view",
    label=_("View provisioning"),
    sentence=_("See which directories keep the organization's people up to date, not their tokens."),
    group=_ORGANIZATIONS,
)
EDIT_SCIM = Permission(
    code="scim.edit",
    label=_("Manage provisioning"),
    sentence=_("Let a directory keep the organization's people up to date, with no more than one holds oneself."),
    group=_ORGANIZATIONS,
    requires=(VIEW_SCIM,),
)
