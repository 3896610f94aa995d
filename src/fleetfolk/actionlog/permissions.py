"""What a role may do with the action log."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.permissions import Permission

VIEW_ACTION_LOG = Permission(
    code="actionlog.view",
    label=_("View user actions log"),
    sentence=_("See what everybody did in the organization and those below, and download it."),
    group=_("Users"),
)
