"""What comes into no organization: anything into one that is archived, others below one that may have none."""

from fleetfolk.kernel.errors import Refused
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.queries import upwards


def require_open(organization: Organization) -> None:
    """Refuses an archived organization."""
    if organization.archived_at is not None:
        raise Refused("organization_archived", name=organization.name)


def require_room_below(organization: Organization) -> None:
    """Refuses an organization that may have none below it, or that is below such a one."""
    line = Organization.objects.filter(pk__in=upwards(organization), allows_below=False)
    closed = line.order_by("path").values_list("name", flat=True).first()
    if closed is not None:
        raise Refused("organization_none_below", name=closed)
