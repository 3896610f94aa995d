"""What the pages of one device show. The actor comes first, and what they may not see is not there."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import models
from django.db.models import Prefetch, Q, QuerySet

from fleetfolk.access.gate import GATE, Decision
from fleetfolk.access.grants import Grant, grants_of
from fleetfolk.actionlog.models import Entry
from fleetfolk.actionlog.permissions import VIEW_ACTION_LOG
from fleetfolk.console.marking import folded
from fleetfolk.devices.models import (
    Device,
    DeviceState,
    DeviceTag,
    MetadataField,
    Reported,
)
from fleetfolk.devices.permissions import ORG_DEVICES_DELETE, ORG_DEVICES_VIEW
from fleetfolk.devices.sides import may_restore
from fleetfolk.kernel.actor import Actor
from fleetfolk.kernel.errors import Denied, TargetNotFound
from fleetfolk.kernel.permissions import Permission
from fleetfolk.organizations.models import Location, Tag
from fleetfolk.organizations.queries import upwards

LOG_PAGE = 40


def devices_in(actor: Actor, *, grants: Sequence[Grant] | None = None) -> QuerySet[Device]:
    """Every device that the actor may see: of their organizations, owned, or shared with them.

    Without the deleted, and without those whose owner is deactivated.
    """
    devices = Device.objects.filter(state__lt=DeviceState.DELETED)
    return GATE.within_reach(devices, actor=actor, permission=ORG_DEVICES_VIEW, grants=grants)


def device_detail(actor: Actor, device_id: int, *, grants: Sequence[Grant] | None = None) -> Device:
    """The device with everything that its pages show. Raises `TargetNotFound` for what is not to be seen.

    What is deleted is there for those alone who can restore it, what is away with its owner for nobody. Lazy loading is
    blocked: what is not asked for here is a defect there.
    """
    devices = (
        Device.objects.select_related("organization__tenant", "template", "owner", "location")
        .prefetch_related(
            Prefetch("reported", Reported.objects.all()),
            Prefetch("device_tags", DeviceTag.objects.select_related("tag").order_by("tag__name", "tag_id")),
        )
        .fetch_mode(models.FETCH_RAISE)
    )
    seen = GATE.within_reach(devices, actor=actor, permission=ORG_DEVICES_VIEW, grants=grants)
    device = seen.filter(pk=device_id).first()
    if device is None or device.state == DeviceState.AWAY:
        raise TargetNotFound
    if device.state == DeviceState.DELETED:
        decision = GATE.decide(actor, ORG_DEVICES_DELETE, device, grants=grants)
        if not decision.allowed or not may_restore(actor, device, grants):
            raise TargetNotFound
    return device


def reported_of(device: Device) -> Reported | None:
    """What the device last said, which `device_detail` has fetched."""
    return getattr(device, "reported", None)


def decisions_on(
    actor: Actor, device: Device, permissions: Iterable[Permission], *, grants: Sequence[Grant] | None = None
) -> dict[str, Decision]:
    """For each permission's code, whether the actor may do it to the device, and why (not)."""
    grants = grants_of(actor) if grants is None else grants
    return {each.code: GATE.decide(actor, each, device, grants=grants) for each in permissions}


def metadata_fields(device: Device) -> list[MetadataField]:
    """The facts that the device's template asks for, in their order."""
    return list(MetadataField.objects.filter(template_id=device.template_id).order_by("position", "pk"))


def usable_tags(device: Device, words: Sequence[str]) -> list[Tag]:
    """The tags of the device's organization and those above it whose names have every folded word, by name."""
    tags = Tag.objects.filter(tenant_id=device.tenant_id, organization__in=upwards(device.organization))
    return [tag for tag in tags.order_by("name", "pk") if all(word in folded(tag.name) for word in words)]


def locations_for(device: Device) -> QuerySet[Location]:
    """Where the device can stand: locations of its organization and of those above it, by name."""
    places = Location.objects.filter(tenant_id=device.tenant_id, organization__in=upwards(device.organization))
    return places.order_by("name", "pk")


def device_log(
    actor: Actor, device: Device, *, before: tuple[dt.datetime, int] | None = None
) -> tuple[list[Entry], bool]:
    """What people did to the device, newest first, and whether there is more. Raises `Denied` without the right."""
    paths = GATE.paths_within_reach(actor, VIEW_ACTION_LOG)
    if not paths:
        raise Denied("permission_missing")
    reach = Q()
    for path in paths:
        reach |= Q(path__startswith=path)
    entries = Entry.objects.filter(reach, tenant_id=actor.tenant_id, target_type="devices.Device", target_id=device.pk)
    if before is not None:
        at, key = before
        entries = entries.filter(Q(at__lt=at) | Q(at=at, pk__lt=key))
    found = list(entries.order_by("-at", "-pk")[: LOG_PAGE + 1])
    return found[:LOG_PAGE], len(found) > LOG_PAGE
