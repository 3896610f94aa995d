"""What people read when their notifications cannot be as they asked."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.reasons import say

say(
    {
        "notice_level": _("There are no events of this level. Reload the page."),
        "notice_device": _("This device does not exist, or it is not yours to see."),
    }
)
