"""What a template and its parts may be: one definition for the dialogs, for files, and for the Actions behind both."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from fleetfolk.devices.fitting import fits_metadata, is_number, is_one_line, is_position, is_text
from fleetfolk.devices.models import Datastream, EventKind, Level, MetadataField, MetadataKind, StreamKind, Template
from fleetfolk.kernel.errors import Refused
from fleetfolk.kernel.reasons import sentence_for

PINS = 256
MOST_FIELDS = 50
MOST_EVENTS = 100
MOST_CATEGORIES = 8
MOST_CHOICES = 100
SMALLEST, LARGEST = -(2**31), 2**31 - 1
MOST_DECIMALS = 5
OFFLINE_AT_ONCE, OFFLINE_LATEST = 10, 7 * 24 * 3600
RESERVED = frozenset({"online", "offline"})
"""Event codes that the gateway itself writes."""
NOTIFIED = ("owner", "shared", "staff")
PICTURES = (
    *(
        "device-desktop",
        "cpu",
        "temperature",
        "flame",
        "air-conditioning",
        "wind",
        "droplet",
        "plant-2",
        "bolt",
        "plug",
    ),
    *("solar-panel", "battery", "bulb", "gauge", "engine", "lock", "camera", "router", "car", "building"),
)
NUMBERS = frozenset({StreamKind.INTEGER, StreamKind.DOUBLE})

_PUBLIC_ID = re.compile(r"TMPL[A-Za-z0-9_-]{4,12}")
_EVENT_CODE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_ ]*")
# Devices use names of datastreams in topics and in lists separated by commas.
_NOT_IN_NAMES = frozenset('/,+#"\\')


class Connection(TextChoices):
    """How devices of a template reach the network."""

    WIFI = "wifi", _("Wi-Fi")
    ETHERNET = "ethernet", _("Ethernet")
    CELLULAR = "cellular", _("Cellular")
    LORA = "lora", _("LoRa")
    SATELLITE = "satellite", _("Satellite")
    BLUETOOTH = "bluetooth", _("Bluetooth")
    OTHER = "other", _("Another way")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and with which field; the reason's sentence is in `reasons_templates`."""

    where: str
    reason: str
    about: Mapping[str, object] = field(default_factory=dict)

    @property
    def refusal(self) -> Refused:
        """The problem as an Action raises it."""
        return Refused(self.reason, **self.about)

    @property
    def sentence(self) -> str:
        """What a person reads."""
        return sentence_for(self.refusal)


type Problems = Iterator[Problem]


@dataclass(frozen=True, kw_only=True, slots=True)
class TemplateFacts:
    """What a template says of itself. ``offline_after`` is in seconds."""

    name: str
    manufacturer: str = ""
    model: str = ""
    hardware: str = ""
    connection: str = ""
    categories: tuple[str, ...] = ()
    icon: str = PICTURES[0]
    description: str = ""
    offline_after: int = 60

    @classmethod
    def of(cls, template: Template) -> "TemplateFacts":
        """Those of the row."""
        return _facts(cls, template, categories=tuple(template.categories))

    def columns(self) -> dict[str, Any]:
        """The values by column."""
        return {**asdict(self), "categories": list(self.categories)}

    def problems(self) -> Problems:
        """Everything that is wrong, field by field."""
        for name, limit in (("name", 60), ("manufacturer", 60), ("model", 60), ("hardware", 40)):
            yield from _text(name, getattr(self, name), limit, required=name == "name")
        yield from _text("description", self.description, 1000, lines=True)
        if self.connection and self.connection not in Connection.values:
            yield Problem("connection", "part_choice", {"choices": ", ".join(Connection.values)})
        if len(self.categories) > MOST_CATEGORIES or len(set(self.categories)) < len(self.categories):
            yield Problem("categories", "template_categories", {"most": MOST_CATEGORIES})
        for category in self.categories:
            yield from _text("categories", category, 40, required=True)
        if self.icon not in PICTURES:
            yield Problem("icon", "part_choice", {"choices": ", ".join(PICTURES)})
        if not OFFLINE_AT_ONCE <= self.offline_after <= OFFLINE_LATEST:
            yield Problem("offline_after", "part_range", {"least": OFFLINE_AT_ONCE, "most": OFFLINE_LATEST})


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of an enumerable: the number that devices send, the word that people read, and a colour, 1 to 6."""

    value: int
    label: str
    colour: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class StreamFacts:
    """What a datastream is. Limits are for numbers, ``choices`` for enumerables, ``decimals`` for how it is shown."""

    name: str
    pin: int
    kind: str
    alias: str = ""
    units: str = ""
    minimum: float | None = None
    maximum: float | None = None
    default_value: Any = None
    decimals: int | None = None
    keep_raw: bool = False
    sync: bool = False
    writable: bool = False
    choices: tuple[Choice, ...] = ()

    @classmethod
    def of(cls, stream: Datastream) -> "StreamFacts":
        """Those of the row."""
        choices = tuple(Choice(one["value"], one["label"], one.get("colour", 1)) for one in stream.choices)
        return _facts(cls, stream, choices=choices)

    def columns(self) -> dict[str, Any]:
        """The values by column."""
        return {**asdict(self), "choices": [asdict(choice) for choice in self.choices]}

    def problems(self) -> Problems:
        """Everything that is wrong, field by field."""
        yield from _text("name", self.name, 40, required=True)
        if _NOT_IN_NAMES & set(self.name):
            yield Problem("name", "stream_name")
        yield from _text("alias", self.alias, 40)
        yield from _text("units", self.units, 16)
        if not 0 <= self.pin < PINS:
            yield Problem("pin", "part_range", {"least": 0, "most": PINS - 1})
        if self.kind not in StreamKind.values:
            yield Problem("kind", "part_choice", {"choices": ", ".join(StreamKind.values)})
            return
        yield from self._limits()
        yield from self._choices()
        if not self._fits_default():
            yield Problem("default_value", "stream_default")

    def _limits(self) -> Problems:
        for name in ("minimum", "maximum", "decimals"):
            if self.kind not in NUMBERS and getattr(self, name) is not None:
                yield Problem(name, "part_numbers_only")
                return
        for name in ("minimum", "maximum"):
            limit = getattr(self, name)
            if limit is None:
                continue
            if not is_number(limit):
                yield Problem(name, "stream_default")
            elif self.kind == StreamKind.INTEGER and not (limit == int(limit) and SMALLEST <= limit <= LARGEST):
                yield Problem(name, "stream_whole")
        if self.minimum is not None and self.maximum is not None and not self.minimum < self.maximum:
            yield Problem("maximum", "stream_limits")
        if self.decimals is not None and not 0 <= self.decimals <= MOST_DECIMALS:
            yield Problem("decimals", "part_range", {"least": 0, "most": MOST_DECIMALS})

    def _choices(self) -> Problems:
        if self.kind != StreamKind.ENUMERABLE:
            if self.choices:
                yield Problem("choices", "part_lists_only")
            return
        values = {choice.value for choice in self.choices}
        if not 2 <= len(self.choices) <= MOST_CHOICES or len(values) < len(self.choices):
            yield Problem("choices", "stream_choices", {"most": MOST_CHOICES})
        for choice in self.choices:
            yield from _text("choices", choice.label, 40, required=True)
            if not SMALLEST <= choice.value <= LARGEST:
                yield Problem("choices", "stream_whole")
            if not 1 <= choice.colour <= 6:
                yield Problem("choices", "part_range", {"least": 1, "most": 6})

    def _fits_default(self) -> bool:  # noqa: PLR0911 - one line a kind
        value = self.default_value
        if value is None:
            return True
        match self.kind:
            case StreamKind.BOOLEAN:
                return isinstance(value, bool)
            case StreamKind.STRING:
                return is_text(value)
            case StreamKind.LOCATION:
                return is_position(value)
            case StreamKind.ENUMERABLE:
                return is_number(value) and value in {choice.value for choice in self.choices}
        if not is_number(value):
            return False
        if self.kind == StreamKind.INTEGER and not (value == int(value) and SMALLEST <= value <= LARGEST):
            return False
        return (self.minimum is None or value >= self.minimum) and (self.maximum is None or value <= self.maximum)


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldFacts:
    """What a metadata field is. ``choices`` are for a list only."""

    name: str
    kind: str
    units: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    default_value: Any = None

    @classmethod
    def of(cls, row: MetadataField) -> "FieldFacts":
        """Those of the row."""
        return _facts(cls, row, choices=tuple(row.choices))

    def columns(self) -> dict[str, Any]:
        """The values by column."""
        return {**asdict(self), "choices": list(self.choices)}

    def problems(self) -> Problems:
        """Everything that is wrong, field by field."""
        yield from _text("name", self.name, 40, required=True)
        yield from _text("units", self.units, 16)
        if self.kind not in MetadataKind.values:
            yield Problem("kind", "part_choice", {"choices": ", ".join(MetadataKind.values)})
            return
        if self.units and self.kind != MetadataKind.NUMBER:
            yield Problem("units", "part_numbers_only")
        if self.kind == MetadataKind.LIST:
            if not 2 <= len(self.choices) <= MOST_CHOICES or len(set(self.choices)) < len(self.choices):
                yield Problem("choices", "metadata_choices", {"most": MOST_CHOICES})
            for choice in self.choices:
                yield from _text("choices", choice, 60, required=True)
        elif self.choices:
            yield Problem("choices", "part_lists_only")
        if self.default_value is not None and not fits_metadata(self.kind, self.default_value, self.choices):
            yield Problem("default_value", "metadata_default")


@dataclass(frozen=True, kw_only=True, slots=True)
class EventFacts:
    """What a kind of event is. ``notify`` holds owner, shared, staff."""

    code: str
    name: str
    level: str = Level.INFO
    description: str = ""
    on_timeline: bool = True
    notify: tuple[str, ...] = ()

    @classmethod
    def of(cls, row: EventKind) -> "EventFacts":
        """Those of the row."""
        return _facts(cls, row, notify=tuple(row.notify))

    def columns(self) -> dict[str, Any]:
        """The values by column."""
        return {**asdict(self), "notify": list(self.notify)}

    def problems(self) -> Problems:
        """Everything that is wrong, field by field."""
        yield from _text("code", self.code, 50, required=True)
        if self.code and not _EVENT_CODE.fullmatch(self.code):
            yield Problem("code", "event_code")
        if self.code.casefold() in RESERVED:
            yield Problem("code", "event_code_reserved", {"code": self.code})
        yield from _text("name", self.name, 50, required=True)
        yield from _text("description", self.description, 300)
        if self.level not in Level.values:
            yield Problem("level", "part_choice", {"choices": ", ".join(Level.values)})
        if not set(self.notify) <= set(NOTIFIED) or len(set(self.notify)) < len(self.notify):
            yield Problem("notify", "part_choice", {"choices": ", ".join(NOTIFIED)})


type Facts = TemplateFacts | StreamFacts | FieldFacts | EventFacts


def require_fit(facts: Facts) -> None:
    """Refuses facts with a problem, naming the first."""
    for problem in facts.problems():
        raise problem.refusal


def is_public_id(text: str) -> bool:
    """Whether firmware could carry this as its template's id."""
    return _PUBLIC_ID.fullmatch(text) is not None


def _text(name: str, text: str, limit: int, *, required: bool = False, lines: bool = False) -> Problems:
    if required and not text:
        yield Problem(name, "part_missing")
    if len(text) > limit:
        yield Problem(name, "part_long", {"limit": limit})
    if not all(is_one_line(line.strip()) for line in text.splitlines()) or (not lines and not is_one_line(text)):
        yield Problem(name, "part_unseen")


def _facts[F](cls: type[F], row: Any, **other: Any) -> F:
    names = cls.__dataclass_fields__  # type: ignore[attr-defined]
    return cls(**{name: getattr(row, name) for name in names if name not in other}, **other)
