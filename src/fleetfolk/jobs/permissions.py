"""What a role may do with jobs."""

from django.utils.translation import gettext_lazy as _

from fleetfolk.kernel.permissions import Permission

VIEW_JOBS = Permission(
    code="users.jobs.view",
    label=_("View and cancel jobs"),
    sentence=_("See the long work of the organization and those below, and stop it."),
    group=_("Users"),
)
