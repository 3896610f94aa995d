"""What devices report, for webhooks that asked for it: of each datastream of a device the newest value, once.

Devices report thousands of values a second, and a receiver takes a few. So a value that is newer takes the place of the
one that waits, and what is told is the latest when its turn comes. The gateway does no more than before: it says which
devices have changed, as it does for open pages, and what a webhook wants of them is looked up here. A sender that was
not there to hear it looks through all of them.
"""

from collections.abc import Collection
from typing import Any, Final

from django.db import connection
from django.db.models import Q, QuerySet

from fleetfolk.devices.models import Datastream, TemplateUse
from fleetfolk.kernel import clock
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.queries import upwards

MOST_STREAMS: Final = 50

_WANTED: Final = """
SELECT EXISTS (SELECT FROM webhooks_webhook WHERE is_on AND events @> ARRAY['value']::varchar[])
"""
# A report is newer than the last that was written down for the webhook. Those are forgotten after thirty days, and what
# was reported before then is no news. A time that lies five minutes ahead is a clock's mistake, as in `devices.intake`:
# it is told once, and what comes after it is newer.
_NOTE: Final = """
INSERT INTO webhooks_delivery AS waiting
    (tenant_id, webhook_id, public_id, kind, code, device_id, stream_id, value, value_at, gathers)
SELECT hook.tenant_id, hook.id, gen_random_uuid(), 'value', 'device.value', device.id, stream.id,
    reported."values" -> stream.pin::text, said.at, true
FROM webhooks_webhook AS hook
JOIN organizations_organization AS home ON home.id = hook.organization_id AND home.archived_at IS NULL
JOIN devices_datastream AS stream ON stream.id = ANY(hook.streams)
JOIN devices_device AS device ON device.template_id = stream.template_id AND device.tenant_id = hook.tenant_id
    AND device.deleted_at IS NULL AND starts_with(device.path, home.path)
    AND (%(devices)s::bigint[] IS NULL OR device.id = ANY(%(devices)s::bigint[]))
JOIN devices_reported AS reported ON reported.device_id = device.id
CROSS JOIN LATERAL (SELECT to_timestamp((reported.times ->> stream.pin::text)::bigint / 1000.0) AS at) AS said
WHERE hook.is_on AND hook.events @> ARRAY['value']::varchar[] AND reported."values" ? stream.pin::text
    AND said.at > greatest(hook.values_since, %(now)s - interval '29 days')
    AND NOT EXISTS (
        SELECT FROM webhooks_delivery AS known
        WHERE known.webhook_id = hook.id AND known.device_id = device.id AND known.stream_id = stream.id
            AND (known.value_at = said.at
                OR known.value_at > said.at AND known.value_at <= %(now)s + interval '5 minutes')
    )
ORDER BY said.at, device.id, stream.pin
ON CONFLICT (webhook_id, device_id, stream_id) WHERE gathers
    DO UPDATE SET value = excluded.value, value_at = excluded.value_at
    WHERE waiting.value_at < excluded.value_at OR waiting.value_at > %(now)s + interval '5 minutes'
"""


def wanted() -> bool:
    """Whether any webhook wants values at all."""
    with connection.cursor() as cursor:
        cursor.execute(_WANTED)
        (found,) = cursor.fetchone()
    return bool(found)


def note(devices: Collection[int] | None = None) -> int:
    """What these devices, or all, have newly reported waits to be told. Returns how many values that were."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, {"devices": None if devices is None else sorted(devices), "now": clock.now()})
        return int(cursor.rowcount)


def streams_of(organization: Organization) -> QuerySet[Datastream]:
    """The datastreams that devices of the organization, or of one below it, can have, by template and place."""
    known = Datastream.objects.filter(tenant_id=organization.tenant_id, template__archived_at=None)
    if not organization.is_tenant:
        here = Q(organization_id__in=upwards(organization)) | Q(organization__path__startswith=organization.path)
        known = known.filter(template__in=TemplateUse.objects.filter(here).values("template"))
    return known.select_related("template").order_by("template__name", "template", "position", "pk")


def named(keys: Collection[int], *, tenant_id: int) -> list[str]:
    """The datastreams in words, those that are gone left out."""
    rows: Any = Datastream.objects.filter(tenant_id=tenant_id, pk__in=keys).order_by("template__name", "position", "pk")
    return [f"{template}: {name}" for template, name in rows.values_list("template__name", "name")]
