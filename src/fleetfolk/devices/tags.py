"""How many devices carry each tag, which ones, and how they get it again."""

from collections.abc import Sequence

from django.db import connection
from django.db.models import Count

from fleetfolk.devices.models import DeviceTag
from fleetfolk.organizations.models import Tag
from fleetfolk.organizations.tag_uses import Use, register_use


def _carriers(keys: Sequence[int]) -> dict[int, int]:
    rows = DeviceTag.objects.filter(tag__in=list(keys), device__deleted_at=None).order_by()
    return dict(rows.values_list("tag").annotate(number=Count("pk")))


# What is of the organization no more does not get it: its own does not know it.
_GIVE_BACK = """
    INSERT INTO devices_devicetag (tenant_id, tag_id, device_id)
    SELECT d.tenant_id, %s, d.id FROM devices_device d
    WHERE d.tenant_id = %s AND d.id = ANY(%s::bigint[]) AND starts_with(d.path, %s)
    ORDER BY d.id ON CONFLICT (device_id, tag_id) DO NOTHING
"""


def _devices_of(tag: Tag) -> list[int]:
    return list(DeviceTag.objects.filter(tag=tag).order_by("device_id").values_list("device_id", flat=True))


def _give_back(tag: Tag, keys: Sequence[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, [tag.pk, tag.tenant_id, list(keys), tag.path])
        return int(cursor.rowcount)


register_use("devices", Use(count=_carriers, carriers=_devices_of, give_back=_give_back))
