"""What people read when a command does not reach a device."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.reasons import say

say(
    {
        "command_device_off": _("%(name)s is deactivated or deleted. Nothing was sent."),
        "command_no_stream": _("%(name)s has no such datastream any more. Load the page again."),
        "command_read_only": _("%(name)s is reported by the device and cannot be set."),
        "command_wrong_value": _("%(name)s does not take this value."),
        "points_many": _("At most %(most)s values can be brought at once."),
        "points_time": _("A value's time is out of range: at most three months ago, and not in the future."),
        "property_unfit": _("There is no such property, or its value is too long."),
        "properties_many": _("A device's properties may have %(most)s characters."),
        "event_unknown": _("Event with provided code is not found."),
        "event_words": _("A description may have %(longest)s characters."),
        "events_many": _("A device may log %(most)s events a day."),
        "connection_template": _("%(name)s is of another template."),
        "connection_late": _("%(name)s was not set up in time. Start again in the app."),
    }
)
