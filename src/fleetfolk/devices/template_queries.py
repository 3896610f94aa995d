"""Templates as people may see and use them, and what devices have of their parts."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from fleetfolk.access.gate import GATE
from fleetfolk.access.grants import Grant, grants_of
from fleetfolk.devices.models import Datastream, Device, MetadataField, Reported, Template, TemplateUse
from fleetfolk.devices.permissions import ORG_DEVICES_VIEW, VIEW_TEMPLATES
from fleetfolk.kernel.actor import Actor
from fleetfolk.organizations.models import Organization
from fleetfolk.organizations.queries import upwards

COUNT_CAP = 1_000

_DEVICES = """
    SELECT template.id, (
        SELECT count(*) FROM (
            SELECT 1 FROM devices_device AS device
            WHERE device.tenant_id = %(tenant)s AND device.template_id = template.id AND device.deleted_at IS NULL
                AND device.path LIKE ANY(%(paths)s)
            LIMIT %(cap)s
        ) AS counted
    ) FROM unnest(%(templates)s::bigint[]) AS template (id)
"""


def templates_seen(actor: Actor, grants: Sequence[Grant] | None = None) -> QuerySet[Template]:
    """The templates that the actor may see: all of the tenant where they may in its root; else those that are enabled
    for an organization in their reach or for one above it."""
    known = Template.objects.filter(tenant_id=actor.tenant_id)
    paths = GATE.paths_within_reach(actor, VIEW_TEMPLATES, grants)
    if not paths:
        return known.none()
    if f"{actor.tenant_id}." in paths:
        return known
    places = [Q(organization__path__startswith=path) | Q(organization_id__in=_keys(path)) for path in paths]
    return known.filter(Exists(TemplateUse.objects.filter(reduce(or_, places), template=OuterRef("pk"))))


def templates_for(organization: Organization) -> QuerySet[Template]:
    """The templates that new devices of the organization can be made from, by name. The root can use every one."""
    return templates_enabled(organization).filter(archived_at=None)


def templates_enabled(organization: Organization) -> QuerySet[Template]:
    """The templates whose devices may be in the organization, by name; also archived ones, whose devices are about."""
    known = Template.objects.filter(tenant_id=organization.tenant_id).order_by("name", "pk")
    if organization.is_tenant:
        return known
    enabled = TemplateUse.objects.filter(template=OuterRef("pk"), organization_id__in=upwards(organization))
    return known.filter(Exists(enabled))


def device_counts(actor: Actor, templates: Sequence[int], grants: Sequence[Grant] | None = None) -> dict[int, int]:
    """By template, its devices in the actor's reach, counted up to one more than `COUNT_CAP`. Empty for whoever sees
    no devices."""
    held = grants_of(actor) if grants is None else grants
    paths = GATE.paths_within_reach(actor, ORG_DEVICES_VIEW, held)
    if not paths:
        return {}
    about: dict[str, Any] = {
        "tenant": actor.tenant_id,
        "paths": [f"{path}%" for path in paths],
        "cap": COUNT_CAP + 1,
        "templates": list(templates),
    }
    with connection.cursor() as cursor:
        cursor.execute(_DEVICES, about)
        return dict(cursor.fetchall())


def devices_reporting(stream: Datastream) -> int:
    """How many devices have a value of the datastream."""
    return Reported.objects.filter(device__template=stream.template_id, times__has_key=str(stream.pin)).count()


def devices_keeping(row: MetadataField) -> int:
    """How many devices have a value in the metadata field."""
    return Device.objects.filter(template=row.template_id, metadata__has_key=str(row.pk)).count()


def _keys(path: str) -> list[int]:
    return [int(key) for key in path.split(".") if key]
