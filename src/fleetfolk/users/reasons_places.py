"""What people read when a change to where somebody works is refused."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.reasons import say

say(
    {
        "place_not_yours": _(
            "You cannot work in this organization: it takes a role there, or above it the right to switch into it."
        ),
    }
)
