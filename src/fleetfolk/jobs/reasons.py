"""What people read when a change to a job is refused, or when a job failed."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.reasons import say

say(
    {
        "job_over": _("This job has ended already."),
        "job_not_draft": _("This job was started already."),
        "job_not_running": _("This job is not running."),
        "job_of_the_system": _("Jobs end and are tidied up by themselves. Cancel one to stop it."),
        "job_moved_on": _("Another worker has done this part already."),
        "job_still_needed": _("The report of this job is still kept."),
        "job_broke": _(
            "Something went wrong that was not foreseen. What was done stays, and nothing is half done. "
            "Try again; if it happens again, give this job’s number to whoever runs this installation."
        ),
    }
)
