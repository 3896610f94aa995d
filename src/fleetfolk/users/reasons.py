"""What people read when a change to an account is refused."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.access.models import BuiltinRole
from fleetfolk.kernel.reasons import say

LAST_STAYS = {BuiltinRole.ADMIN.value: "last_admin", BuiltinRole.SUPER_ADMIN.value: "last_super_admin"}
"""The roles whose last holder stays, and the reason that says so."""

say(
    {
        "email_in_organization": _("%(email)s is in %(organization)s already. Open that entry instead."),
        "location_elsewhere": _("This location belongs to another organization. Choose one of this organization."),
        "not_pending": _("%(name)s is not waiting for an invitation (%(status)s), so there is none to change."),
        "invitation_link": _("This link is not valid. Ask for a new invitation."),
        "invitation_over": _("This invitation has been used, revoked or has expired. Ask for a new one."),
        "invitation_for_account": _("There is an account with this address already. Sign in with it."),
        "user_inactive": _("%(name)s cannot sign in (%(status)s), so this would have no effect."),
        "own_password": _("Change your own password on your account page, where the present one is asked for."),
        "password_link_over": _("This link does not work any more. Ask for a new one."),
        "own_account_stays": _("You cannot do this to your own account. Ask another administrator."),
        "already": _("%(name)s is %(status)s. Reload the page to see what can be done now."),
        "last_admin": _("This is the last Admin of %(organization)s. Give somebody else there the role first."),
        "last_super_admin": _("This is the last Super Admin of this installation. Give somebody else the role first."),
        "transfer_admin": _(
            "You cannot transfer to this person. Name an Admin of another organization that you reach."
        ),
        "still_restorable": _("%(name)s can still be restored, so nothing is erased yet."),
        "tag_elsewhere": _("This tag belongs to another organization."),
        "sign_in_disabled": _("Your account is disabled. Ask %(organization)s to enable it."),
        "sign_in_deleted": _(
            "Your account is being deleted. Ask %(organization)s to restore it while that is possible."
        ),
        "sign_in_deactivated": _("Your account is deactivated. Ask %(organization)s to activate it."),
        "sign_in_pending": _("Open the link in your invitation first."),
    }
)
