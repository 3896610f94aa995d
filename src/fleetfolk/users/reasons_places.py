"""What people read when a change to where somebody works is refused."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.reasons import say

say(
    {
        "place_not_yours": _(
            "You cannot work in this organization: it takes a role there, or above it the right to switch into it."
        ),
        "guest_already": _("%(email)s is a guest of %(organization)s already. Change that entry instead."),
        "guest_end": _("Choose an end that is still to come, within five years."),
        "guest_invitation_over": _("This invitation has been answered, taken back or is over. Ask for a new one."),
        "guest_over": _("This person is no guest here any more. Reload the page."),
        "partner_unknown": _("There is no such partner. Choose one of the list."),
        "partner_mode": _("Say whether the partner sees the devices or controls them, too."),
        "partner_period": _("The end comes before the beginning."),
    }
)
