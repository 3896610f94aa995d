"""What devices say: values, one by one or in batches, how their widgets look, and events."""

from collections.abc import Sequence
from typing import Any

from fleetfolk.devices.intake import Report
from fleetfolk.devices.points import MOST_POINTS, is_in_time
from fleetfolk.devices.properties import fits, too_many, with_properties
from fleetfolk.devices.values import Stream, Value, WrongValue, parse, take
from fleetfolk.gateway.errands import Done, Known, Logged, Refusal
from fleetfolk.gateway.https.asked import WRONG_PIN, WRONG_REQUEST, WRONG_TYPE, Asked, pin_of, stream_at, stream_by_id

WRONG_STREAM = "Wrong dataStreamId format."
WRONG_TYPE_OF_STREAM = "Value doesn't match the Datastream data type"
"""Of a datastream that was named by its key; Blynk's has no full stop there."""
WRONG_TIME = "Timestamp is out of range. Points must be at most 3 months old."
WRONG_PROPERTY = "Wrong property format."
NO_CODE = "Event code is not provided."
UNKNOWN_CODE = "Can't find Event with this code in Product template"
WRONG_DESCRIPTION = "Event description is too long. It may have 300 characters."
TOO_MANY_POINTS = f"Too much data in batch. Maximum batch size is {MOST_POINTS} points."
LONGEST_DESCRIPTION = 300
TOO_MANY_PROPERTIES = "Property limit has been reached. A device's properties may have 32,000 characters."


def update(asked: Asked, known: Known, now: int) -> Done:
    """Values are stored, all or none; answered with nothing."""
    return Done(reply="", reports=_reports(asked, known, now))


def batch_update(asked: Asked, known: Known, now: int) -> Done:
    """Values of several pins are stored, all or none."""
    return Done(reply="OK", reports=_reports(asked, known, now))


def batch_of_points(asked: Asked, known: Known, now: int) -> Done:
    """Up to 10,000 points of one pin are stored, each with its time, all or none."""
    stream = _named(asked, known)
    points = asked.json()
    if not isinstance(points, list):
        raise Refusal(WRONG_REQUEST)
    if len(points) > MOST_POINTS:
        raise Refusal(TOO_MANY_POINTS, limit=True)
    return Done(reply="OK", reports=[_point(known, stream, point, now) for point in points])


def update_property(asked: Asked, known: Known, _now: int) -> Done:
    """Properties of a pin's widget are changed."""
    pin = asked.one("pin")
    stream = stream_at(known, pin_of(pin or "", strict=False))
    given = {name: value for name, value in asked.parameters if name != "pin"}
    if not given or not all(fits(name, text) for name, text in given.items()):
        raise Refusal(WRONG_PROPERTY)
    properties = with_properties(known.properties or {}, stream.pin, given)
    if too_many(properties):
        raise Refusal(TOO_MANY_PROPERTIES, limit=True)
    return Done(reply="", properties=properties)


def log_event(asked: Asked, known: Known, _now: int) -> Done:
    """An event is on the device's timeline."""
    code = asked.one("code")
    if not code:
        raise Refusal(NO_CODE)
    kind = known.blueprint.events.get(code)
    if kind is None:
        raise Refusal(UNKNOWN_CODE)
    description = asked.one("description") or kind.description
    if len(description) > LONGEST_DESCRIPTION or "\0" in description:
        raise Refusal(WRONG_DESCRIPTION)
    known.count_event()
    return Done(reply="", events=[Logged(kind=kind, description=description)])


def weight(asked: Asked) -> int:
    """About how many values the request carries."""
    return 1 + len(asked.body) // 16


def _reports(asked: Asked, known: Known, now: int) -> list[Report]:
    if asked.named() & {"dataStreamId", "pin"}:
        stream = _named(asked, known)
        wrong = WRONG_TYPE_OF_STREAM if asked.one("dataStreamId") is not None else WRONG_TYPE
        texts = asked.all("value")
        return [_report(known, stream, texts, now, wrong)]
    by_pin: dict[str, list[str]] = {}
    for name, text in asked.parameters:
        by_pin.setdefault(name, []).append(text)
    if not by_pin:
        raise Refusal(WRONG_PIN)
    pins = [(pin_of(name), texts) for name, texts in by_pin.items()]
    return [_report(known, stream_at(known, pin), texts, now, WRONG_TYPE) for pin, texts in pins]


def _named(asked: Asked, known: Known) -> Stream:
    """The datastream that the request names by its key or its pin."""
    key = asked.one("dataStreamId")
    if key is not None:
        return stream_by_id(known, key, wrong=WRONG_STREAM)
    return stream_at(known, pin_of(asked.one("pin") or "", strict=False))


def _report(known: Known, stream: Stream, texts: Sequence[str], now: int, wrong: str) -> Report:
    try:
        value: Value = parse(stream, texts)
    except WrongValue:
        raise Refusal(wrong) from None
    return Report(device_id=known.id, stream=stream, value=value, at_ms=now)


def _point(known: Known, stream: Stream, point: Any, now: int) -> Report:
    if not isinstance(point, list) or len(point) != 2:
        raise Refusal(WRONG_REQUEST)
    at, given = point
    if not isinstance(at, int) or isinstance(at, bool):
        raise Refusal(WRONG_REQUEST)
    if not is_in_time(at, now):
        raise Refusal(WRONG_TIME)
    try:
        value = take(stream, given)
    except WrongValue:
        raise Refusal(WRONG_TYPE) from None
    return Report(device_id=known.id, stream=stream, value=value, at_ms=min(at, now))
