"""What a receiver is told: made when it is sent, within what its webhook may be told then.

Viewers play no part in it, nor do secrets: the action log holds none. Addresses of people's machines and the numbers of
requests stay here. A name, and what is said about somebody, goes only to a webhook that may be told of people; the same
with devices.
"""

import datetime as dt
import json
from typing import Any, Final

from fleetfolk.actionlog.models import Entry
from fleetfolk.actionlog.permissions import VIEW_ACTION_LOG
from fleetfolk.devices.models import Datastream, Device, DeviceState, Event
from fleetfolk.devices.permissions import ORG_DEVICES_VIEW, VIEW_TIMELINE
from fleetfolk.kernel.actor import ActorKind
from fleetfolk.users.permissions import VIEW_USERS
from fleetfolk.webhooks.models import Delivery, Kind, Webhook

MOST: Final = 65_536
"""Octets. What is longer is told without its details."""

_OF_NOBODY: Final = ("organizations.", "access.Role", "segments.", "api.Program", "webhooks.")
"""What targets begin with whose names are those of things."""
_DEVICES: Final = "devices."


def told(delivery: Delivery) -> bytes | None:
    """The body, as JSON in UTF-8; None where the webhook may not, or no longer, be told of this."""
    made = _MAKERS[Kind(delivery.kind)](delivery)
    if made is None:
        return None
    at, data = made
    said = {"type": delivery.code, "timestamp": at.astimezone(dt.UTC).isoformat(), "data": data}
    body = _spelled(said)
    if len(body) > MOST:
        said["data"] = {**data, "changes": None, "facts": None, "cut": True}
        body = _spelled(said)
    return body


def _spelled(said: dict[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


type _Made = tuple[dt.datetime, dict[str, Any]] | None


def _of_entry(delivery: Delivery) -> _Made:
    webhook = delivery.webhook
    if delivery.entry_id is None or delivery.entry_at is None:
        return None
    entry = Entry.objects.filter(tenant_id=webhook.tenant_id, at=delivery.entry_at, pk=delivery.entry_id).first()
    if entry is None or VIEW_ACTION_LOG.code not in webhook.permissions or not _is_below(entry.path, webhook):
        return None
    people, devices = VIEW_USERS.code in webhook.permissions, ORG_DEVICES_VIEW.code in webhook.permissions
    of_device = entry.target_type.startswith(_DEVICES)
    closely = people and (devices or not of_device)
    by_person = entry.actor_kind == ActorKind.USER
    return entry.at, {
        "id": entry.pk,
        "action": entry.code,
        "client": entry.client,
        "actor": {
            "kind": entry.actor_kind,
            "id": entry.actor_id,
            "label": entry.actor_label if people or not by_person else None,
        },
        "acting_for": {"id": entry.acting_for_id, "label": entry.acting_for if people else None}
        if entry.acting_for_id
        else None,
        "target": {
            "type": entry.target_type,
            "id": entry.target_id,
            "label": entry.target_label if _is_named(entry.target_type, people=people, devices=devices) else None,
        },
        "organization": {"id": entry.organization_id, "name": entry.organization_label},
        "changes": entry.changes if closely else None,
        "facts": entry.facts if closely else None,
        "batch_id": None if entry.batch_id is None else str(entry.batch_id),
    }


def _is_named(target_type: str, *, people: bool, devices: bool) -> bool:
    if target_type.startswith(_DEVICES):
        return devices
    return people or target_type.startswith(_OF_NOBODY)


def _of_event(delivery: Delivery) -> _Made:
    webhook = delivery.webhook
    event = (
        Event.objects.select_related("device__organization", "device__template")
        .filter(tenant_id=webhook.tenant_id, pk=delivery.event_id or 0, device__state__lt=DeviceState.DELETED)
        .first()
    )
    needed = {ORG_DEVICES_VIEW.code, VIEW_TIMELINE.code}
    if event is None or not needed <= set(webhook.permissions) or not _is_below(event.device.path, webhook):
        return None
    device = event.device
    return event.at, {
        "id": event.pk,
        "code": event.code,
        "level": event.level,
        "title": event.title,
        "description": event.description,
        "device": {"id": device.pk, "name": device.name, "template": device.template.name},
        "organization": {"id": device.organization_id, "name": device.organization.name},
    }


def _of_value(delivery: Delivery) -> _Made:
    webhook = delivery.webhook
    live = Device.objects.filter(tenant_id=webhook.tenant_id, state__lt=DeviceState.DELETED)
    device = live.select_related("organization", "template").filter(pk=delivery.device_id or 0).first()
    stream = Datastream.objects.filter(tenant_id=webhook.tenant_id, pk=delivery.stream_id or 0).first()
    needed = {ORG_DEVICES_VIEW.code, VIEW_TIMELINE.code}
    if device is None or stream is None or delivery.value_at is None or not needed <= set(webhook.permissions):
        return None
    if not _is_below(device.path, webhook):
        return None
    return delivery.value_at, {
        "datastream": {"id": stream.pk, "pin": f"v{stream.pin}", "name": stream.name, "units": stream.units},
        "value": delivery.value,
        "device": {"id": device.pk, "name": device.name, "template": device.template.name},
        "organization": {"id": device.organization_id, "name": device.organization.name},
    }


def _of_test(delivery: Delivery) -> _Made:
    webhook = delivery.webhook
    return delivery.created_at, {
        "webhook": {"id": webhook.pk, "name": webhook.name},
        "organization": {"id": webhook.organization_id, "name": webhook.organization.name},
    }


_MAKERS: Final = {Kind.ENTRY: _of_entry, Kind.EVENT: _of_event, Kind.VALUE: _of_value, Kind.TEST: _of_test}


def _is_below(path: str, webhook: Webhook) -> bool:
    """Whether the place is, or was when it was written down, the webhook's organization or one below it."""
    return f".{webhook.organization_id}." in f".{path}"
