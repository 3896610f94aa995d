"""The words for states; their shape and colour are in the style sheet under the same code."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "active": _("Active"),
    "pending": _("Pending"),
    "inactive": _("Inactive"),
    "disabled": _("Disabled"),
    "deletion": _("Deletion pending"),
    "deactivated": _("Deactivated"),
    "online": _("Online"),
    "offline": _("Offline"),
    "unconnected": _("Not yet connected"),
    "deleted": _("Deleted"),
    "done": _("Done"),
    "refused": _("Refused"),
    "denied": _("Denied"),
    "missing": _("Not found"),
    "waiting": _("Waiting"),
    "running": _("Running"),
    "failed": _("Failed"),
    "cancelled": _("Cancelled"),
}
