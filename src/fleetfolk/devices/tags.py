"""How many devices carry each tag."""

from collections.abc import Sequence

from django.db.models import Count

from fleetfolk.devices.models import DeviceTag
from fleetfolk.organizations.tag_uses import register_use


def _carriers(keys: Sequence[int]) -> dict[int, int]:
    rows = DeviceTag.objects.filter(tag__in=list(keys), device__deleted_at=None).order_by()
    return dict(rows.values_list("tag").annotate(number=Count("pk")))


register_use("devices", _carriers)
