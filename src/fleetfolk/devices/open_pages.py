"""What an open page is told of a device: all that can change while somebody looks, as its script reads it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.urls import get_script_prefix
from django.utils import timezone

from fleetfolk.console.times import short
from fleetfolk.devices.models import Device, DeviceState
from fleetfolk.devices.queries import reported_of
from fleetfolk.devices.values import Stream
from fleetfolk.devices.widgets import said_of

PATH = "live/devices"
"""Where updates come from, below the place at which the page is: an assistance has its own."""


def live_address(device_ids: Sequence[int]) -> str:
    """The address of the stream of updates about these devices, for whoever looks from here; empty for none."""
    if not device_ids:
        return ""
    return f"{get_script_prefix()}{PATH}?{'&'.join(f'device={key}' for key in device_ids)}"


def is_online(device: Device) -> bool:
    """Whether the device is there now. One that is out of use is not."""
    reported = reported_of(device)
    return bool(reported and reported.online and device.state < DeviceState.DEACTIVATED)


def told(device: Device, streams: Sequence[Stream]) -> dict[str, Any]:
    """The device's present values in words and figures, in the viewer's zone. ``at`` is milliseconds since 1970."""
    reported = reported_of(device)
    now = timezone.localtime()
    values = {}
    for stream in streams:
        said = said_of(stream, reported)
        since = "" if said.at is None else short(_local(said.at), now=now)
        values[str(stream.id)] = {**said.as_json(), "when": since}
    at = reported.reported_at if reported else None
    return {
        "device": device.pk,
        "name": device.name,
        "online": is_online(device),
        "at": int(at.timestamp() * 1000) if at else None,
        "when": short(_local(at), now=now) if at else "",
        "streams": values,
    }


def _local(moment: dt.datetime) -> dt.datetime:
    return timezone.localtime(moment)
