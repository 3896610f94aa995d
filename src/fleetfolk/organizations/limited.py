"""What plans limit of the tree itself: how sub-organizations, locations, tags and custom fields are counted."""

from typing import Any

from django.db.models import QuerySet

from fleetfolk.organizations.limits import register
from fleetfolk.organizations.models import CustomField, Location, Organization, Tag


def _organizations(tenant_id: int, _organization_id: int | None) -> QuerySet[Any]:
    return Organization.objects.filter(tenant_id=tenant_id).exclude(parent=None)


def _locations(tenant_id: int, _organization_id: int | None) -> QuerySet[Any]:
    return Location.objects.filter(tenant_id=tenant_id)


def _tags(tenant_id: int, organization_id: int | None) -> QuerySet[Any]:
    return Tag.objects.filter(tenant_id=tenant_id, organization_id=organization_id or 0)


def _fields(tenant_id: int, _organization_id: int | None) -> QuerySet[Any]:
    return CustomField.objects.filter(tenant_id=tenant_id, retired_at=None)


register("organizations", _organizations)
register("locations", _locations)
register("tags", _tags)
register("fields", _fields)
