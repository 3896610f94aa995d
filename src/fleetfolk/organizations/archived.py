"""Nothing new comes into an organization that is archived."""

from fleetfolk.kernel.errors import Refused
from fleetfolk.organizations.models import Organization


def require_open(organization: Organization) -> None:
    """Refuses an archived organization."""
    if organization.archived_at is not None:
        raise Refused("organization_archived", name=organization.name)
