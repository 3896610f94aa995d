"""What a role may do with roles and with the developer's keys."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.permissions import Permission

_CONTROL = _("Permissions control")
_DEVELOPER = _("Developer API")

VIEW_ROLES = Permission(
    code="roles.view",
    label=_("View roles and permissions"),
    sentence=_("See which roles there are and what each may do."),
    group=_CONTROL,
    blynk="ROLE_VIEW",
)
CREATE_ROLES = Permission(
    code="roles.create",
    label=_("Create new roles"),
    sentence=_("Make a role of one's own, with no more than one holds oneself."),
    group=_CONTROL,
    requires=(VIEW_ROLES,),
    blynk="ROLE_CREATE",
)
EDIT_ROLES = Permission(
    code="roles.edit",
    label=_("Edit roles"),
    sentence=_("Switch permissions of a role on and off, with no more than one holds oneself."),
    group=_CONTROL,
    requires=(VIEW_ROLES,),
    blynk="ROLE_EDIT",
)
DELETE_ROLES = Permission(
    code="roles.delete",
    label=_("Delete roles"),
    sentence=_("Delete a role after naming the one that its people get instead."),
    group=_CONTROL,
    requires=(VIEW_ROLES,),
    blynk="ROLE_DELETE",
)

_USERS = _("Users")
_ORGANIZATIONS = _("Organizations")

VIEW_GUESTS = Permission(
    code="users.guests.view",
    label=_("View guests"),
    sentence=_("See who from elsewhere has a role in the organization or below it, and until when."),
    group=_USERS,
)
INVITE_GUESTS = Permission(
    code="users.guests.invite",
    label=_("Invite guests"),
    sentence=_("Ask somebody with an account elsewhere in, with no more than one holds oneself."),
    group=_USERS,
    requires=(VIEW_GUESTS,),
)
EDIT_GUESTS = Permission(
    code="users.guests.edit",
    label=_("Change and end guests"),
    sentence=_("Change the role and the end of a guest who holds no more than oneself, and end it."),
    group=_USERS,
    requires=(VIEW_GUESTS,),
    guards_strength=True,
)
VIEW_PARTNERS = Permission(
    code="organizations.partners.view",
    label=_("View partners"),
    sentence=_("See which organizations were let in to the devices, how far and until when."),
    group=_ORGANIZATIONS,
)
EDIT_PARTNERS = Permission(
    code="organizations.partners.edit",
    label=_("Let partners in"),
    sentence=_("Let another organization see or control the devices for a period, and end it at any time."),
    group=_ORGANIZATIONS,
    requires=(VIEW_PARTNERS,),
)

VIEW_TOKENS = Permission(
    code="developer.tokens.view",
    label=_("View OAuth token settings"),
    sentence=_("See which programs have keys to this organization, not the keys themselves."),
    group=_DEVELOPER,
)
CREATE_TOKENS = Permission(
    code="developer.tokens.create",
    label=_("Create OAuth tokens"),
    sentence=_("Give a program a key, with no more rights than one holds oneself."),
    for_developers=True,
    group=_DEVELOPER,
    requires=(VIEW_TOKENS,),
)
EDIT_TOKENS = Permission(
    code="developer.tokens.edit",
    label=_("Edit OAuth tokens"),
    sentence=_("Change the name and rights of a program's key."),
    for_developers=True,
    group=_DEVELOPER,
    requires=(VIEW_TOKENS,),
)
DELETE_TOKENS = Permission(
    code="developer.tokens.delete",
    label=_("Delete OAuth tokens"),
    sentence=_("Take a program's key away; it is refused from its next request on."),
    group=_DEVELOPER,
    requires=(VIEW_TOKENS,),
)
MANAGE_WEBHOOKS = Permission(
    code="developer.webhooks.edit",
    label=_("Manage webhooks"),
    sentence=_("Say which addresses are told of what happens."),
    for_developers=True,
    group=_DEVELOPER,
    blynk="MANAGE_WEB_HOOK",
)
