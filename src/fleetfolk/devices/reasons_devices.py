"""What people read when a change to a device or one of its events is refused."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.reasons import say

say(
    {
        "device_name_unfit": _("Give a name in one line, with %(longest)s characters at most."),
        "device_serial_unfit": _("A serial number is one line with %(longest)s characters at most."),
        "device_place_unfit": _("There is no such place: latitude goes from -90 to 90, longitude from -180 to 180."),
        "device_tag_elsewhere": _("This tag is not one that the device's organization can use."),
        "device_deactivated_already": _("%(name)s is deactivated already."),
        "device_organizations": _("%(organization)s did this, so only its staff can undo it. Ask them."),
        "device_active_already": _("%(name)s is active already."),
        "metadata_unknown": _("There is no such field any more. Reload the page."),
        "metadata_required": _("“%(name)s” cannot be empty."),
        "metadata_unfit": _("This does not fit the field “%(name)s”. Check it and try again."),
        "metadata_too_much": _("This device's fields hold too much. Shorten one of them first."),
        "comment_unfit": _("Write a comment of %(longest)s characters at most."),
        "comments_full": _("This event has %(most)s comments already, which is all that it can carry."),
        "event_resolved_already": _("Somebody resolved this event already."),
        "event_open_already": _("This event is open already."),
        "event_archived_already": _("This event is archived already."),
        "event_not_archived": _("This event is not archived."),
    }
)
