"""What plans limit of devices: how they and their templates are counted."""

from typing import Any

from django.db.models import QuerySet

from fleetfolk.devices.models import Device, Template
from fleetfolk.organizations.limits import register


def _devices(tenant_id: int, _organization_id: int | None) -> QuerySet[Any]:
    """Every device but the deleted ones, which leave their places until they are restored."""
    return Device.objects.filter(tenant_id=tenant_id, deleted_at=None)


def _templates(tenant_id: int, _organization_id: int | None) -> QuerySet[Any]:
    """Every template, archived ones too: they can be restored, and devices of theirs go on."""
    return Template.objects.filter(tenant_id=tenant_id)


register("devices", _devices)
register("templates", _templates)
