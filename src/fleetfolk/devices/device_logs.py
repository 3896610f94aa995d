"""What a person's devices did in the last days, in one table: connections, events, and values."""

import datetime as dt
import heapq
from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from fleetfolk.access.gate import GATE
from fleetfolk.console.csv_export import Cell
from fleetfolk.devices.models import Datastream, Device, DeviceState, Event, Hold, Minute, Point, Share
from fleetfolk.devices.permissions import ORG_DEVICE_REPORTS
from fleetfolk.kernel.actor import Actor
from fleetfolk.users.models import User

MOST_LINES = 50_000
_CONNECTIONS = ("online", "offline")


def devices_of(person: User, actor: Actor) -> QuerySet[Device]:
    """The devices that the person owns or shares and whose reports the actor may read."""
    shared = Share.live(person.pk, Hold.VIEW).values("device_id")
    devices = Device.objects.filter(Q(owner=person) | Q(pk__in=shared), state__lt=DeviceState.DELETED)
    return GATE.within_reach(devices, actor=actor, permission=ORG_DEVICE_REPORTS)


def header() -> list[str]:
    """The names of the columns."""
    return [
        gettext("Time"),
        gettext("Device"),
        gettext("Kind"),
        gettext("What"),
        gettext("Value"),
        gettext("Least"),
        gettext("Most"),
    ]


def lines(devices: list[Device], *, since: dt.datetime) -> Iterator[list[Cell]]:
    """Every line since then, the newest first, at most `MOST_LINES`. Values are averages of a minute, or each of them
    where the datastream keeps every one."""
    names = {device.pk: device.name for device in devices}
    streams = {
        stream.pk: str(stream)
        for stream in Datastream.objects.filter(template_id__in={device.template_id for device in devices})
    }
    merged = heapq.merge(
        _events(names, since), _minutes(names, streams, since), _points(names, streams, since), reverse=True
    )
    for number, (_at, _kind, _key, line) in enumerate(merged):
        if number == MOST_LINES:
            return
        yield line


type _Line = tuple[dt.datetime, int, int, list[Cell]]


def _events(names: dict[int, str], since: dt.datetime) -> Iterator[_Line]:
    events = Event.objects.filter(device_id__in=names, at__gte=since).order_by("-at", "-pk")[:MOST_LINES]
    for event in events.iterator(chunk_size=2000):
        kind = gettext("Connection") if event.code in _CONNECTIONS else gettext("Event")
        line: list[Cell] = [event.at, names[event.device_id], kind, event.title, event.description, "", ""]
        yield event.at, 2, event.pk, line


def _minutes(names: dict[int, str], streams: dict[int, str], since: dt.datetime) -> Iterator[_Line]:
    rows = Minute.objects.filter(device_id__in=names, minute__gte=since).order_by("-minute", "-stream_id")
    columns = ("device_id", "stream_id", "minute", "count", "total", "least", "most")
    for device_id, stream_id, minute, count, total, least, most in rows.values_list(*columns)[:MOST_LINES].iterator():
        what = streams.get(stream_id, "")
        yield minute, 1, stream_id, [minute, names[device_id], gettext("Value"), what, total / count, least, most]


def _points(names: dict[int, str], streams: dict[int, str], since: dt.datetime) -> Iterator[_Line]:
    rows = Point.objects.filter(device_id__in=names, at__gte=since).order_by("-at", "-pk")
    columns = ("pk", "device_id", "stream_id", "at", "number", "text")
    for key, device_id, stream_id, at, number, text in rows.values_list(*columns)[:MOST_LINES].iterator():
        value = text if number is None else number
        yield at, 0, key, [at, names[device_id], gettext("Value"), streams.get(stream_id, ""), value, "", ""]
