"""What devices ask: their values, whether they are there, their metadata."""

from collections.abc import Mapping

from fleetfolk.devices.values import Stream, Value, written
from fleetfolk.gateway.blueprints import Field
from fleetfolk.gateway.errands import Done, Known, Refusal
from fleetfolk.gateway.https.asked import KEY, WRONG_PIN, Asked, pin_of, stream_at, stream_by_id

WRONG_FIELD = "Wrong metaField format."
NO_FIELD = "MetaField doesn't exist."
PLACE = "loc.latlon"

# The names that Blynk's clients know.
KINDS = {
    "text": "Text",
    "number": "Number",
    "switch": "Switch",
    "list": "List",
    "coordinates": "Coordinates",
    "time_zone": "Tz",
    "email": "Email",
    "date": "Date",
    "link": "Link",
}


def get(asked: Asked, known: Known, _now: int) -> Done:
    """One value as plain text, several as JSON by pin; of what was never set, the default."""
    key = asked.one("dataStreamId")
    if key is not None:
        return Done(reply=_text(known, stream_by_id(known, key, wrong=WRONG_PIN)))
    pins = [(f"v{pin}", pin) for pin in (pin_of(text, strict=False) for text in asked.all("pin"))]
    pins += [(name, pin_of(name)) for name, _ in asked.parameters if name != "pin"]
    if not pins:
        raise Refusal(WRONG_PIN)
    if len(pins) == 1:
        return Done(reply=_text(known, stream_at(known, pins[0][1])))
    found = {name: _value(known, stream_at(known, pin)) for name, pin in pins}
    return Done(reply={name: _plain(value) for name, value in found.items() if value is not None})


def get_all(asked: Asked, known: Known, _now: int) -> Done:
    """Every value that was ever set, as JSON by pin."""
    values = known.values or {}
    pins = sorted(known.blueprint.by_pin)
    return Done(reply={f"v{pin}": _plain(values[str(pin)]) for pin in pins if str(pin) in values})


def is_hardware_connected(asked: Asked, known: Known, _now: int) -> Done:
    """Whether the device was heard of lately."""
    return Done(reply="true" if known.present else "false")


def metadata(asked: Asked, known: Known, _now: int) -> Done:
    """One metadata field, by key or exact name."""
    wanted = asked.one("metaFieldId") or asked.one("metaFieldName")
    if not wanted:
        raise Refusal(WRONG_FIELD)
    if wanted == PLACE:
        place = "" if known.place is None else f"{known.place[1]},{known.place[0]}"
        return Done(reply={"type": KINDS["coordinates"], "value": place})
    field = field_of(known, wanted)
    value = (known.metadata or {}).get(str(field.id), field.default_value)
    return Done(reply={"type": KINDS[field.kind], "value": "" if value is None else value})


def field_of(known: Known, wanted: str) -> Field:
    """The metadata field of this key or exact name. Raises `Refusal`."""
    fields: Mapping[int, Field] = known.blueprint.fields
    if KEY.fullmatch(wanted) and int(wanted) in fields:
        return fields[int(wanted)]
    for field in fields.values():
        if field.name == wanted:
            return field
    raise Refusal(NO_FIELD)


def _value(known: Known, stream: Stream) -> Value | None:
    value: Value | None = (known.values or {}).get(str(stream.pin), stream.default)
    return value


def _text(known: Known, stream: Stream) -> str:
    value = _value(known, stream)
    return "" if value is None else written(stream, value)


def _plain(value: Value) -> Value:
    """Devices know no truth, only ones and zeros."""
    return int(value) if isinstance(value, bool) else value
