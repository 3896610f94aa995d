"""What people read when a change to their pushes is refused."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.reasons import say

say(
    {
        "push_address": _("Pushes cannot be sent to this browser: the service of its maker is not allowed here."),
        "push_keys": _("The browser gave keys that are none. Try again, or use another browser."),
        "push_key_old": _("The key of this page is too old. Reload the page and try again."),
        "push_signed_out": _("You are not signed in there any more. Sign in and try again."),
        "pushes_many": _("You get pushes in %(most)s browsers already. Remove one of them first."),
        "no_such_push": _("Pushes to this browser are turned off already."),
    }
)
