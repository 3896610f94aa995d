"""What plans limit of segments: how they are counted."""

from typing import Any

from django.db.models import QuerySet

from fleetfolk.organizations.limits import register
from fleetfolk.segments.models import Segment


def _segments(tenant_id: int, _organization_id: int | None) -> QuerySet[Any]:
    return Segment.objects.filter(tenant_id=tenant_id)


register("segments", _segments)
