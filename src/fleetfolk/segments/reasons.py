"""The sentences for what segments refuse."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.reasons import say

say(
    {
        "segment_name_taken": _("%(organization)s has a segment “%(name)s” already. Choose another name."),
        "segment_name": _("Give the segment a name of 1 to 60 characters."),
        "segments_full": _("An organization can have %(most)s segments at most. Delete one first."),
    }
)
