"""The sentences for what remote assistance refuses."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.reasons import say

say(
    {
        "assist_self": _("You cannot assist yourself."),
        "assist_staff": _("%(name)s works with users, too. Only customers can be assisted."),
        "assist_state": _("%(name)s cannot sign in now, so there is nothing to see."),
        "assist_off": _("%(organization)s has not turned remote assistance on."),
        "assist_no_consent": _("%(name)s has not allowed this. Ask first."),
        "assist_no_need": _("You need not ask now: start at once."),
        "assist_asked": _("You have asked %(name)s already. Wait for the answer."),
        "assist_running": _("You are assisting %(name)s. Stop that first."),
        "assist_busy": _("%(agent)s is assisting %(name)s now."),
        "assist_reason": _("Say in ten characters or more why you need to look."),
        "assist_too_long": _("An assistance lasts an hour at most."),
        "assist_over": _("This assistance is over."),
        "assist_not_yours": _("Somebody else began this assistance."),
        "assist_request_over": _("This request was answered or withdrawn, or its quarter of an hour is over."),
        "assist_consent_long": _("Allow it for an hour at least and a week at most."),
        "assist_records_stay": _("Records of remote assistance go when their time is over, and not by hand."),
        "assist_nothing": _("Nobody is assisting you now."),
    }
)
