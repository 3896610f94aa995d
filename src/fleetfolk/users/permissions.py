"""What a role may do with people and their accounts."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.jobs.permissions import VIEW_JOBS
from fleetfolk.kernel.permissions import Permission

_USERS = _("Users")

VIEW_USERS = Permission(
    code="users.view",
    label=_("View users"),
    sentence=_("See the people of the organization and those below: who they are, their role and status."),
    group=_USERS,
    blynk="ORG_VIEW_USERS",
)
INVITE_USERS = Permission(
    code="users.invite",
    label=_("Invite new users"),
    sentence=_("Invite people with a role that holds no more than one's own, and resend or revoke the invitation."),
    group=_USERS,
    requires=(VIEW_USERS,),
    blynk="ORG_INVITE_USERS",
)
IMPORT_USERS = Permission(
    code="users.import",
    label=_("Import users"),
    sentence=_("Add and update many people from a file."),
    group=_USERS,
    requires=(VIEW_USERS, INVITE_USERS, VIEW_JOBS),
)
EDIT_USERS = Permission(
    code="users.edit",
    label=_("Edit users"),
    sentence=_("Change the name, phone, location, tags and role of people who hold no more than oneself."),
    group=_USERS,
    requires=(VIEW_USERS,),
    guards_strength=True,
    blynk="ORG_EDIT_USERS",
)
EDIT_DEVELOPERS = Permission(
    code="users.developers.edit",
    label=_("Switch developer mode"),
    sentence=_("Say which people, holding no more than oneself, build templates and integrations."),
    group=_USERS,
    requires=(VIEW_USERS,),
    guards_strength=True,
)
MANAGE_CREDENTIALS = Permission(
    code="users.credentials.manage",
    label=_("Change user passwords"),
    sentence=_("Send a reset link or set a password for people who hold no more than oneself."),
    group=_USERS,
    requires=(VIEW_USERS,),
    guards_strength=True,
)
FORCE_LOGOUT = Permission(
    code="users.sessions.end",
    label=_("Force log-out"),
    sentence=_("Sign a person out on every device, at once."),
    group=_USERS,
    requires=(VIEW_USERS,),
    guards_strength=True,
)
SUSPEND_USERS = Permission(
    code="users.disable",
    label=_("Disable and enable users"),
    sentence=_("Keep a person from signing in, at once, and let them in again."),
    group=_USERS,
    requires=(VIEW_USERS,),
    guards_strength=True,
)
TRANSFER_USERS = Permission(
    code="users.transfer",
    label=_("Transfer users"),
    sentence=_("Move a person to another organization that one reaches."),
    group=_USERS,
    requires=(VIEW_USERS,),
    guards_strength=True,
)
DELETE_USERS = Permission(
    code="users.delete",
    label=_("Delete users"),
    sentence=_("Delete a person's account; it can be restored for seven days."),
    group=_USERS,
    requires=(VIEW_USERS,),
    guards_strength=True,
    blynk="ORG_DELETE_USERS",
)
DEACTIVATE_USERS = Permission(
    code="users.deactivate",
    label=_("Deactivate users"),
    sentence=_("Close a person's account and hide it, and open it again."),
    group=_USERS,
    requires=(VIEW_USERS,),
    guards_strength=True,
)
EXPORT_USER_DATA = Permission(
    code="users.data.export",
    label=_("Export all data of a user"),
    sentence=_("Download everything that is known about a person who holds no more than oneself."),
    group=_USERS,
    requires=(VIEW_USERS,),
    guards_strength=True,
)
EXPORT_USERS = Permission(
    code="users.export",
    label=_("Download users list"),
    sentence=_("Download the people that one may see as a file."),
    group=_USERS,
    requires=(VIEW_USERS,),
)
OWN_ACCOUNT = Permission(
    code="users.own",
    label=_("Own account"),
    sentence=_("Everybody may sign in and out and set their own password."),
    group=_USERS,
    inherent=True,
)
