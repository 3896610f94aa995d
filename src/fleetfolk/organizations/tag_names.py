"""What a tag may be called, and what it may look like."""

from typing import Final

from fleetfolk.kernel.errors import Refused
from fleetfolk.organizations.models import Organization, Tag

LONGEST: Final = 24
COLOURS: Final = range(1, 7)
MOST: Final = 200
"""So many tags an organization has at most: a person chooses among them."""


def require_tag(organization: Organization, name: str, colour: int, *, besides: int = 0) -> None:
    """Refuses no name, one that is too long or that another tag of the organization has, and an unknown colour."""
    if not name.strip() or len(name) > LONGEST or colour not in COLOURS:
        raise Refused("tag_unfit", longest=LONGEST)
    same = Tag.objects.filter(tenant=organization.tenant_id, organization=organization, name=name)
    if same.exclude(pk=besides).exists():
        raise Refused("tag_name_taken", name=name)


def require_room(organization: Organization) -> None:
    """Refuses one tag too many."""
    if Tag.objects.filter(tenant=organization.tenant_id, organization=organization).count() >= MOST:
        raise Refused("too_many_tags", most=MOST)
