"""What people read when a change to a job is refused."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.reasons import say

say(
    {
        "job_over": _("This job has ended already."),
        "job_not_draft": _("This job was started already."),
        "job_not_running": _("This job is not running."),
    }
)
