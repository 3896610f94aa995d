"""What devices say and are told: values, history, facts, tags, timeline, and who set what."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from django.db.models import Q
from django.http import HttpRequest
from pydantic import Field

from fleetfolk.access.gate import GATE
from fleetfolk.actionlog.models import Entry, Result
from fleetfolk.actionlog.permissions import VIEW_ACTION_LOG
from fleetfolk.api.platform.devices import VIEW, OneDevice, require_device
from fleetfolk.api.platform.doors import WRONG, Given, Wrong, missing, route
from fleetfolk.api.platform.lists import MOST, Paged, require_any
from fleetfolk.api.platform.numbers import EVENTS, milliseconds
from fleetfolk.api.shell import actor_of
from fleetfolk.api.v1.actions import performed, performed_together
from fleetfolk.api.v1.lists import Key, Text
from fleetfolk.devices.actions.create_event import CreateEvent, CreateEventInput
from fleetfolk.devices.actions.edit_metadata import EditMetadata, EditMetadataInput
from fleetfolk.devices.actions.edit_property import EditProperty, EditPropertyInput
from fleetfolk.devices.actions.import_data import ImportData, ImportDataInput
from fleetfolk.devices.actions.send_command import SendCommand, SendCommandInput
from fleetfolk.devices.fitting import typed_metadata
from fleetfolk.devices.models import Datastream, Device, Event, EventKind, MetadataField, Point
from fleetfolk.devices.permissions import VIEW_TIMELINE
from fleetfolk.devices.points import MOST_POINTS
from fleetfolk.devices.queries import metadata_fields, reported_of
from fleetfolk.kernel.actor import ActorKind
from fleetfolk.kernel.errors import Denied, Refused
from fleetfolk.kernel.perform import LARGEST_KEY
from fleetfolk.users.models import User
from fleetfolk.users.permissions import VIEW_USERS

NO_FIELD: Final = "Meta field is not found."
WRONG_VALUE: Final = "The provided value for metafield is invalid."
NO_EVENT: Final = "Event with provided code is not found."
NO_HISTORY: Final = "The datastream keeps no single values."
LAST_YEAR: Final = 4_102_444_800_000
"""Milliseconds to the end of the century."""

Pin = Annotated[str, Field(pattern=r"^[vV]?[0-9]{1,3}$")]
Moment = Annotated[int, Field(ge=0, le=LAST_YEAR)]
Value = bool | int | float | str | Annotated[list[float], Field(min_length=2, max_length=2)]


class OfPins(OneDevice):
    """Which pins; all where none is named."""

    pins: Annotated[str, Field(max_length=2000, pattern=r"^([vV]?[0-9]{1,3}(,[vV]?[0-9]{1,3})*)?$")] = ""


class ToSet(OneDevice):
    """One value."""

    data_stream_id: Key
    value: Value


class ToSetMany(OneDevice):
    """Values by the datastream's number."""

    values: Annotated[dict[Annotated[str, Field(pattern="^[0-9]{1,18}$")], Value], Field(min_length=1, max_length=256)]


class ToLook(OneDevice):
    """One property of a datastream's widget."""

    data_stream_id: Key
    property: Annotated[Text, Field(max_length=40)]
    value: bool | int | float | Text


class PastValue(Given):
    """A value and its moment, in milliseconds since 1970."""

    value: Value
    ts: Moment


class ToBring(OneDevice):
    """Values of the past."""

    data_stream_id: Key
    values: Annotated[list[PastValue], Field(max_length=MOST_POINTS)]


class OfHistory(OneDevice, Paged):
    """Of which datastream and of which time."""

    pin: Pin
    from_: Annotated[Moment, Field(alias="from")] = 0
    to: Moment = LAST_YEAR


class ToEdit(OneDevice):
    """One fact."""

    meta_field_id: Key
    new_value: Any


class OfTimeline(OneDevice, Paged):
    """Which events."""

    event_type: Annotated[str, Field(max_length=20)] = ""


class ToLog(OneDevice):
    """An event."""

    event_code: Annotated[Text, Field(max_length=50)]
    event_description: Annotated[Text, Field(max_length=300)] = ""


class OfLog(OneDevice, Paged):
    """A page of the log."""


@route("GET", "device/datastreams", OfPins, right=VIEW)
def datastreams(request: HttpRequest, given: OfPins) -> Any:
    """The latest values by pin, without what was never reported."""
    device = require_device(request, given.device_id)
    reported = reported_of(device)
    wanted = {number_of_pin(pin) for pin in given.pins.split(",")} if given.pins else None
    pins = Datastream.objects.filter(template_id=device.template_id).order_by("pin").values_list("pin", flat=True)
    values: Mapping[str, Any] = reported.values if reported else {}
    return {f"v{pin}": values[str(pin)] for pin in pins if str(pin) in values and (wanted is None or pin in wanted)}


@route(
    "POST",
    "device/datastream",
    ToSet,
    right="devices.control",
    differs="Only datastreams that people can set are set.",
)
def set_value(request: HttpRequest, given: ToSet) -> Any:
    """The datastream has the value, and the device is told."""
    device = require_device(request, given.device_id)
    _stream(device, given.data_stream_id)
    performed(SendCommand, request, device.pk, _command(given.data_stream_id, given.value))


@route(
    "POST",
    "device/datastreams",
    ToSetMany,
    right="devices.control",
    differs="All or none. Only datastreams that people can set are set.",
)
def set_values(request: HttpRequest, given: ToSetMany) -> Any:
    """The datastreams have the values, and the device is told."""
    device = require_device(request, given.device_id)
    values = {_stream(device, int(key)).pk: value for key, value in given.values.items()}
    steps: list[Any] = [(SendCommand, device.pk, _command(key, value)) for key, value in values.items()]
    performed_together(request, steps)


@route("POST", "device/datastream/property", ToLook, right="devices.edit")
def edit_property(request: HttpRequest, given: ToLook) -> Any:
    """The widget of the datastream looks so, for this device."""
    device = require_device(request, given.device_id)
    stream = _stream(device, given.data_stream_id)
    data = EditPropertyInput(stream_id=stream.pk, name=given.property, value=_text(given.value))
    performed(EditProperty, request, device.pk, data)


@route(
    "POST",
    "device/import/batch",
    ToBring,
    right="devices.control",
    differs="At most 10,000 values at once, none older than three months; all or none.",
)
def bring(request: HttpRequest, given: ToBring) -> Any:
    """The values are in the history, each at its moment."""
    device = require_device(request, given.device_id)
    stream = _stream(device, given.data_stream_id)
    points = [(one.ts, ",".join(_texts(one.value))) for one in given.values]
    performed(ImportData, request, device.pk, ImportDataInput(stream_id=stream.pk, points=points))


@route(
    "GET",
    "device/datastream/history",
    OfHistory,
    right=VIEW,
    differs="Of a datastream that keeps every value; of others 400.",
)
def history(request: HttpRequest, given: OfHistory) -> Any:
    """Every value that the datastream reported in the time, the latest first."""
    device = require_device(request, given.device_id)
    pin = number_of_pin(given.pin)
    stream = Datastream.objects.filter(template_id=device.template_id, pin=pin).first()
    if stream is None:
        raise missing(f"Data stream with identifier {given.pin} is not found!")
    if not stream.keep_raw:
        raise Wrong(400, NO_HISTORY)
    points = Point.objects.filter(
        device_id=device.pk, stream_id=stream.pk, at__gte=_at(given.from_), at__lte=_at(given.to)
    )
    rows = points.order_by("-at").values_list("at", "number", "text")
    found = rows[given.page * given.size : (given.page + 1) * given.size]
    return {
        "content": [
            {"createdAt": milliseconds(at), "value": text if number is None else number} for at, number, text in found
        ],
        "totalElements": rows.count(),
    }


@route("GET", "device/metafield", OneDevice, right=VIEW)
def metafields(request: HttpRequest, given: OneDevice) -> Any:
    """The facts that the device carries."""
    device = require_device(request, given.device_id)
    return [
        {"id": one.pk, "name": one.name, "value": device.metadata.get(str(one.pk))} for one in metadata_fields(device)
    ]


@route("POST", "device/metafield", ToEdit, right="devices.edit")
def edit_metafield(request: HttpRequest, given: ToEdit) -> Any:
    """The fact has the value."""
    device = require_device(request, given.device_id)
    field = MetadataField.objects.filter(template_id=device.template_id, pk=given.meta_field_id).first()
    if field is None:
        raise missing(NO_FIELD)
    value = typed_metadata(field.kind, given.new_value) if isinstance(given.new_value, str) else given.new_value
    try:
        performed(EditMetadata, request, device.pk, EditMetadataInput(values={field.pk: value}))
    except Refused as refused:
        if refused.reason in ("metadata_unfit", "metadata_required"):
            raise Wrong(400, WRONG_VALUE) from None
        raise


@route("GET", "device/tags", OneDevice, right=VIEW)
def tags(request: HttpRequest, given: OneDevice) -> Any:
    """The tags that the device carries."""
    device = require_device(request, given.device_id)
    return [
        {"id": one.tag.pk, "tagOwnerOrgId": one.tag.organization_id, "name": one.tag.name}
        for one in device.device_tags.all()
    ]


@route(
    "GET",
    "device/timeline",
    OfTimeline,
    right="devices.timeline.view",
    differs="`eventType` is ONLINE, OFFLINE, INFORMATION, WARNING, CRITICAL or CONTENT. Who resolves an event writes "
    "comments beside it, so `resolvedComment` is the first of them.",
)
def timeline(request: HttpRequest, given: OfTimeline) -> Any:
    """What happened to the device, the latest first."""
    device = require_device(request, given.device_id)
    if not GATE.decide(actor_of(request), VIEW_TIMELINE, device).allowed:
        raise Denied("permission_missing")
    rows = Event.objects.filter(device_id=device.pk, archived_at=None).exclude(kind__on_timeline=False)
    rows = rows.filter(_of_type(given.event_type.upper())).order_by("-at", "-pk")
    found = rows.prefetch_related("comments")[given.page * given.size : (given.page + 1) * given.size]
    return {
        "content": [
            {
                "id": one.pk,
                "eventId": one.kind_id,
                "orgId": device.organization_id,
                "eventType": one.code.upper() if one.kind_id is None else EVENTS[one.level],
                "description": one.description or one.title,
                "ts": milliseconds(one.at),
                "isResolved": one.resolved_at is not None,
                "resolvedAt": milliseconds(one.resolved_at),
                "resolvedComment": next((comment.text for comment in one.comments.all()), None),
            }
            for one in found
        ],
        "totalElements": rows.count(),
    }


@route("POST", "device/trigger-event", ToLog, right="devices.timeline.edit")
def trigger(request: HttpRequest, given: ToLog) -> Any:
    """The event is on the device's timeline, and whom it concerns is told."""
    device = require_device(request, given.device_id)
    if not EventKind.objects.filter(template_id=device.template_id, code=given.event_code).exists():
        raise missing(NO_EVENT)
    data = CreateEventInput(code=given.event_code, description=given.event_description)
    performed(CreateEvent, request, device.pk, data)


@route(
    "GET",
    "device/logs",
    OfLog,
    right="actionlog.view",
    differs="The values that people and programs set, as the action log keeps them: in words, with units. Whether the "
    "device was there is not kept: `isOnline` is null.",
)
def logs(request: HttpRequest, given: OfLog) -> Any:
    """Who set which value, the latest first."""
    actor, device = actor_of(request), require_device(request, given.device_id)
    require_any(actor, VIEW_ACTION_LOG)
    reach = Q(pk__in=[])
    for path in GATE.paths_within_reach(actor, VIEW_ACTION_LOG):
        reach |= Q(path__startswith=path)
    rows = Entry.objects.filter(
        reach,
        tenant_id=actor.tenant_id,
        target_type="devices.Device",
        target_id=device.pk,
        code=SendCommand.code,
        result=Result.DONE,
    ).order_by("-at", "-pk")
    found = list(rows[given.page * given.size : (given.page + 1) * given.size])
    pins = {
        stream.alias or stream.name: stream.pin for stream in Datastream.objects.filter(template_id=device.template_id)
    }
    addresses = _addresses(request, found)
    return {
        "content": [
            {
                "triggerUserEmail": addresses.get(one.actor_id) if one.actor_kind == ActorKind.USER else None,
                "value": one.facts.get("value"),
                "pin": pins.get(str(one.facts.get("datastream"))),
                "pinType": "VIRTUAL",
                "isOnline": None,
                "createdAt": milliseconds(one.at),
            }
            for one in found
        ],
        "totalElements": rows.count(),
    }


def number_of_pin(pin: str) -> int:
    """`v7` as 7."""
    return int(pin.lower().removeprefix("v"))


def _stream(device: Device, stream_id: int) -> Datastream:
    known = Datastream.objects.filter(template_id=device.template_id)
    stream = known.filter(pk=stream_id).first() if 0 < stream_id <= LARGEST_KEY else None
    if stream is None:
        raise missing(f"Data stream with identifier {stream_id} is not found!")
    return stream


def _command(stream_id: int, value: Any) -> SendCommandInput:
    return SendCommandInput(stream_id=stream_id, texts=tuple(_texts(value)))


def _texts(value: Any) -> list[str]:
    return [_text(part) for part in value] if isinstance(value, list) else [_text(value)]


def _text(value: Any) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def _at(ms: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(ms / 1000, dt.UTC)


def _of_type(word: str) -> Q:
    if not word:
        return Q()
    if word in ("ONLINE", "OFFLINE"):
        return Q(kind=None, code=word.lower())
    levels = [level for level, known in EVENTS.items() if known == word]
    if not levels:
        raise Wrong(400, f"{WRONG}: eventType")
    return Q(level__in=levels, kind__isnull=False)


def _addresses(request: HttpRequest, entries: Sequence[Entry]) -> dict[str, str]:
    """The addresses of those who acted, of people whom the holder of the key may see."""
    keys = {int(one.actor_id) for one in entries if one.actor_kind == ActorKind.USER}
    people = GATE.within_reach(User.objects.filter(pk__in=keys), actor=actor_of(request), permission=VIEW_USERS)
    return {str(key): email for key, email in people.values_list("pk", "email")[:MOST]}
