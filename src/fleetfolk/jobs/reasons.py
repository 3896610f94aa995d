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
        "report_not_readable": _("This report holds what your role does not let you see."),
        "report_gone": _("There is no report of this job now. Reports are kept for seven days."),
        "bulk_unknown": _("This cannot be done to what is chosen here."),
        "bulk_too_many": _("No more than %(most)s can be chosen one by one. Choose all that match instead."),
        "bulk_nobody": _("Nothing is chosen, or it is gone meanwhile."),
        "bulk_of_another": _("Somebody else chose these. It would be done with their rights."),
        "bulk_word": _("Type DELETE in capital letters, so that nothing is deleted by a slip of the hand."),
        "bulk_not_over": _("This job is still running. Cancel it first, or wait for its end."),
        "bulk_undone": _("This was undone already."),
        "bulk_no_undo": _("This cannot be undone."),
        "bulk_nothing_done": _("Nothing was changed, so there is nothing to undo."),
        "bulk_changed_since": _("Changed since by somebody else, so it stays as it is."),
        "bulk_unchanged": _("It is so already."),
        "job_broke": _(
            "Something went wrong that was not foreseen. What was done stays, and nothing is half done. "
            "Try again; if it happens again, give this job’s number to whoever runs this installation."
        ),
    }
)
