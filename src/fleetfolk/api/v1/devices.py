"""Devices: what they are, what they last said, and what they said over time."""

import datetime as dt
from dataclasses import replace
from typing import Annotated, Any, Final, get_args

from django.http import HttpRequest
from ninja import Field, Query, Schema

from fleetfolk.api.problems import Problem
from fleetfolk.api.shell import API, actor_of
from fleetfolk.api.v1.lists import Answer, Asked, Key, Named, OneOf, Page, Tagged, named, page_of, require_place
from fleetfolk.devices import directory
from fleetfolk.devices.directory import Status
from fleetfolk.devices.history import series
from fleetfolk.devices.listing import ListedDevice, devices_listed, status_of
from fleetfolk.devices.models import Datastream, Device
from fleetfolk.devices.queries import device_detail, metadata_fields, reported_of
from fleetfolk.devices.values import Stream
from fleetfolk.devices.web.device_list import listing_of
from fleetfolk.devices.web.device_state import SORTS, DeviceListState
from fleetfolk.kernel import clock

LONGEST: Final = dt.timedelta(days=366)


class DevicesAsked(Asked):
    """As the page *Devices* is asked."""

    sort: Annotated[str, OneOf(SORTS)] = Field("name", description="By what it is sorted.")
    status: list[Annotated[str, OneOf(get_args(Status))]] = Field([], description="Any of these.")
    template: list[Key] = Field([], description="Any of these templates, by their keys.")
    organization: list[Key] = Field([], description="Any of these organizations, by their keys.")
    location: list[Key] = Field([], description="Any of these locations, by their keys.")
    tag: list[Key] = Field([], description="Any of these tags, by their keys.")
    segment: list[Key] = Field([], description="All of these segments, by their keys.")


class DeviceOut(Answer):
    """A device as the list shows it."""

    id: int = Field(examples=[7])
    name: str = Field(examples=["Heat pump"])
    serial: str
    status: str = Field(examples=["online"])
    template: str
    organization: str
    location: str
    owner: Named | None
    firmware: str
    token_end: str = Field(description="The last characters of its token.")
    tags: list[Tagged]
    reported_at: dt.datetime | None
    activated_at: dt.datetime | None


class OneDeviceOut(Schema):
    """Everything that is known of a device."""

    id: int
    name: str
    serial: str
    status: str
    template: Named
    organization: Named
    location: Named | None
    owner: Named | None
    firmware: str
    token_end: str
    tags: list[Named]
    metadata: dict[str, Any] = Field(description="Facts of the device, by the names of their fields.")
    latitude: float | None
    longitude: float | None
    reported_at: dt.datetime | None
    created_at: dt.datetime
    activated_at: dt.datetime | None
    deactivated_at: dt.datetime | None
    deleted_at: dt.datetime | None


class ValueOut(Schema):
    """What a device last said of one datastream."""

    stream_id: int = Field(description="For `device.command.send`, too.")
    pin: str = Field(examples=["v2"])
    name: str
    units: str
    value: Any = Field(description="A number, a text or a place; None where nothing was reported.")
    at: dt.datetime | None


class StepOut(Schema):
    """What was reported from `at` until the next step began."""

    at: dt.datetime
    average: float
    least: float
    most: float


class HistoryAsked(Schema):
    """Of which datastream, and of which time."""

    stream_id: Key = Field(description="The datastream, by its key.")
    since: dt.datetime | None = Field(None, description="From when on. A day ago, where nothing is said.")
    until: dt.datetime | None = Field(None, description="Until when. Now, where nothing is said.")
    points: int = Field(300, ge=1, le=2000, description="So many steps at most.")


@API.get("/devices", response=Page[DeviceOut], tags=["Devices"], operation_id="listDevices", summary="List devices")
def list_devices(request: HttpRequest, asked: Query[DevicesAsked]) -> Any:
    """The devices of the organizations that the holder of the key sees, filtered, sorted and paged as the page is."""
    state = DeviceListState.of(request.GET)
    require_place(state, directory.SORTS)
    found = devices_listed(replace(listing_of(actor_of(request), state), size=asked.limit))
    return page_of(found, [_listed(device) for device in found.rows])


@API.get(
    "/devices/{device_id}",
    response=OneDeviceOut,
    tags=["Devices"],
    operation_id="getDevice",
    summary="Look at a device",
)
def get_device(request: HttpRequest, device_id: Key) -> Any:
    """One device: of the organization, one's own, or one that is shared."""
    device = device_detail(actor_of(request), device_id)
    reported = reported_of(device)
    plain = (
        *("id", "name", "serial", "firmware", "token_end", "latitude", "longitude", "created_at"),
        *("activated_at", "deactivated_at", "deleted_at"),
    )
    return {
        **{name: getattr(device, name) for name in plain},
        "status": status_of(device.state, online=bool(reported and reported.online)),
        "template": named(device.template),
        "organization": named(device.organization),
        "location": named(device.location),
        "owner": named(device.owner),
        "tags": [named(one.tag) for one in device.device_tags.all()],
        "metadata": {
            field.name: device.metadata[str(field.pk)]
            for field in metadata_fields(device)
            if str(field.pk) in device.metadata
        },
        "reported_at": reported.reported_at if reported else None,
    }


@API.get(
    "/devices/{device_id}/values",
    response=list[ValueOut],
    tags=["Devices"],
    operation_id="getDeviceValues",
    summary="Read the latest values",
)
def get_values(request: HttpRequest, device_id: Key) -> Any:
    """What the device last said of each datastream of its template."""
    device = device_detail(actor_of(request), device_id)
    reported = reported_of(device)
    values, times = (reported.values, reported.times) if reported else ({}, {})
    return [
        {
            "stream_id": row.pk,
            "pin": f"v{row.pin}",
            "name": row.name,
            "units": row.units,
            "value": values.get(str(row.pin)),
            "at": _moment(times.get(str(row.pin))),
        }
        for row in Datastream.objects.filter(template_id=device.template_id).order_by("pin")
    ]


@API.get(
    "/devices/{device_id}/history",
    response=list[StepOut],
    tags=["Devices"],
    operation_id="getDeviceHistory",
    summary="Read values over time",
)
def get_history(request: HttpRequest, device_id: Key, asked: Query[HistoryAsked]) -> Any:
    """Averages, least and most of a datastream of numbers, in steps of equal length; steps without a report are left
    out."""
    device = device_detail(actor_of(request), device_id)
    until = _aware(asked.until) or clock.now()
    since = _aware(asked.since) or until - dt.timedelta(days=1)
    stream = _stream(device, asked.stream_id)
    if not dt.timedelta() < until - since <= LONGEST or not stream.numeric:
        raise Problem(422, "input_malformed")
    steps = series(device.pk, stream, since=since, until=until, points=asked.points)
    return [
        {
            "at": dt.datetime.fromtimestamp(step.at, dt.UTC),
            "average": step.average,
            "least": step.least,
            "most": step.most,
        }
        for step in steps
    ]


def _stream(device: Device, stream_id: int) -> Stream:
    row = Datastream.objects.filter(template_id=device.template_id, pk=stream_id).first()
    if row is None:
        raise Problem(422, "input_malformed")
    return Stream.of(row)


def _moment(milliseconds: int | None) -> dt.datetime | None:
    return None if milliseconds is None else dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC)


def _aware(moment: dt.datetime | None) -> dt.datetime | None:
    """The moment; without a zone it is meant in UTC. Refuses what no calendar has in every zone."""
    if moment is None:
        return None
    known = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    if not 1970 <= known.year <= 9000:
        raise Problem(422, "input_malformed")
    return known


def _listed(device: ListedDevice) -> dict[str, Any]:
    plain = ("id", "name", "serial", "status", "template", "organization", "location", "firmware", "token_end")
    return {
        **{name: getattr(device, name) for name in (*plain, "reported_at", "activated_at")},
        "owner": {"id": device.owner_id, "name": device.owner} if device.owner_id else None,
        "tags": [{"name": name, "colour": colour} for name, colour in device.tags],
    }
