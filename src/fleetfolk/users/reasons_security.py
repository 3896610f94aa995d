"""What people read when a change to sessions, second factors or an address is refused."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.reasons import say

say(
    {
        "no_such_session": _("This session is over already."),
        "no_such_factor": _("This second factor is not there any more."),
        "no_factor": _("Add a second factor first; recovery codes stand in for one."),
        "factor_there": _("You have an authenticator app already. Remove it first, then add the new one."),
        "factors_many": _("You have %(most)s passkeys, which is the most. Remove one first."),
        "factor_required": _("%(organization)s asks everybody for a second factor. Add another one first."),
        "own_factor": _("Remove your own second factor on your account page."),
        "own_email": _("Change your own address on your account page."),
        "same_email": _("This is the address of today."),
        "email_link_over": _("This link does not work any more. Ask for the change again."),
        "wrong_password": _("The password was not right."),
        "wrong_code": _("The password was right, the second factor was not."),
        "password_unfit": _("Choose another password. %(why)s"),
        "sign_in_changed": _("Your account has changed while you were signing in. Sign in once more."),
    }
)
