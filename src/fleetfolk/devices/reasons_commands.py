"""What people read when a command does not reach a device."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.reasons import say

say(
    {
        "command_device_off": _("%(name)s is deactivated or deleted. Nothing was sent."),
        "command_no_stream": _("%(name)s has no such datastream any more. Load the page again."),
        "command_read_only": _("%(name)s is reported by the device and cannot be set."),
        "command_wrong_value": _("%(name)s does not take this value."),
        "connection_template": _("%(name)s is of another template."),
        "connection_late": _("%(name)s was not set up in time. Start again in the app."),
    }
)
