"""How a datastream looks on a dashboard: which control or display it is, and what that shows now."""

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from fleetfolk.devices.models import Datastream, Reported
from fleetfolk.devices.values import Stream, Value, shown, written

FEW_CHOICES: Final = 5
"""So many stand side by side; more are a list."""
FEW_STEPS: Final = 20
"""A range of no more steps is gone through with minus and plus."""
WIDEST_GAUGE: Final = 100_000.0
"""A range beyond this says nothing as an arc: it is the type's and not the thing's."""
ARC: Final = 100.0
"""The length of a gauge's arc, as its picture counts it."""


class Kind(StrEnum):
    """What stands on the dashboard."""

    SWITCH = "switch"
    SLIDER = "slider"
    NUMBER = "number"
    SEGMENTED = "segmented"
    LIST = "list"
    WRITE = "write"
    LED = "led"
    GAUGE = "gauge"
    VALUE = "value"
    TEXT = "text"
    MAP = "map"


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What a datastream holds now: as it is, in words with and without units, as plain text, and since when."""

    value: Value | None
    text: str
    figure: str
    plain: str
    at_ms: int | None

    @property
    def at(self) -> dt.datetime | None:
        """When it was said."""
        return None if self.at_ms is None else dt.datetime.fromtimestamp(self.at_ms / 1000, dt.UTC)

    def as_json(self) -> dict[str, Any]:
        """As the page's script reads it."""
        return {"value": self.value, "text": self.text, "figure": self.figure, "plain": self.plain, "at": self.at_ms}


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One of an enumerable's values."""

    value: int
    label: str
    colour: int
    chosen: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Widget:
    """A datastream on a dashboard."""

    kind: Kind
    stream: Stream
    said: Said

    @property
    def label(self) -> str:
        """What it is called where people read it."""
        return self.stream.alias or self.stream.name

    @property
    def size(self) -> str:
        """How wide it stands among the others: a class of the style sheet."""
        wide = {Kind.GAUGE: "tall", Kind.SLIDER: "w8", Kind.SEGMENTED: "w8", Kind.WRITE: "w8", Kind.MAP: "w8"}
        return wide.get(self.kind, "" if self.kind in (Kind.LIST, Kind.TEXT) else "half")

    @property
    def on(self) -> bool:
        """Whether it is switched on."""
        return self.said.value is True

    @property
    def choices(self) -> list[Choice]:
        """What an enumerable can be."""
        return [
            Choice(
                value=choice["value"],
                label=str(choice["label"]),
                colour=choice.get("colour", 1),
                chosen=choice["value"] == self.said.value,
            )
            for choice in self.stream.choices
        ]

    @property
    def step(self) -> str:
        """How far one step goes, as a number field writes it."""
        decimals = 0 if self.stream.kind == "integer" else self.stream.decimals
        if decimals is None:
            return "any"
        return "1" if decimals == 0 else f"0.{'0' * (decimals - 1)}1"

    @property
    def least(self) -> str:
        """The lower limit as plain text."""
        return _plain_limit(self.stream, self.stream.minimum)

    @property
    def most(self) -> str:
        """The upper limit as plain text."""
        return _plain_limit(self.stream, self.stream.maximum)

    @property
    def least_text(self) -> str:
        """The lower limit in words."""
        return _limit(self.stream, self.stream.minimum)

    @property
    def most_text(self) -> str:
        """The upper limit in words."""
        return _limit(self.stream, self.stream.maximum)

    @property
    def filled(self) -> str:
        """How much of a gauge's arc is full, from 0 to 100."""
        least, most, value = self.stream.minimum, self.stream.maximum, self.said.value
        if least is None or most is None or isinstance(value, str | list) or value is None:
            return "0"
        return f"{max(0.0, min(1.0, (value - least) / (most - least))) * ARC:.1f}"

    @property
    def points(self) -> str:
        """Where the page has the points of its map."""
        return f"#place-{self.stream.id}"

    @property
    def place(self) -> str:
        """Latitude and longitude of a location that is known, as maps take them."""
        value = self.said.value
        return f"{value[1]},{value[0]}" if isinstance(value, list) else ""


def kind_for(stream: Stream) -> Kind:
    """What a datastream looks like."""
    if stream.kind == "location":
        return Kind.MAP
    if not stream.writable:
        return {"boolean": Kind.LED, "string": Kind.TEXT}.get(stream.kind) or _display_for(stream)
    match stream.kind:
        case "boolean":
            return Kind.SWITCH
        case "string":
            return Kind.WRITE
        case "enumerable":
            return Kind.SEGMENTED if len(stream.choices) <= FEW_CHOICES else Kind.LIST
        case _:
            return _dial_for(stream)


def _display_for(stream: Stream) -> Kind:
    span = _span(stream)
    return Kind.GAUGE if stream.kind != "enumerable" and span is not None and span <= WIDEST_GAUGE else Kind.VALUE


def _dial_for(stream: Stream) -> Kind:
    span = _span(stream)
    if span is None or span > WIDEST_GAUGE:
        return Kind.NUMBER
    unit = 10.0 ** -(0 if stream.kind == "integer" else stream.decimals or 0)
    return Kind.NUMBER if span / unit <= FEW_STEPS else Kind.SLIDER


def said_of(stream: Stream, reported: Reported | None) -> Said:
    """What the datastream holds now."""
    pin = str(stream.pin)
    values: Mapping[str, Any] = reported.values if reported else {}
    times: Mapping[str, int] = reported.times if reported else {}
    value = values.get(pin)
    return Said(
        value=value,
        text=shown(stream, value),
        figure=shown(replace(stream, units=""), value),
        plain="" if value is None else written(stream, value),
        at_ms=times.get(pin),
    )


def widget_for(stream: Stream, reported: Reported | None = None) -> Widget:
    """The datastream on a dashboard, with what it holds now."""
    return Widget(kind=kind_for(stream), stream=stream, said=said_of(stream, reported))


def widgets_of(streams: Iterable[Stream], reported: Reported | None) -> list[Widget]:
    """A dashboard: the first gauge at its head, then what can be set, then the rest, each in the template's order."""
    widgets = [widget_for(stream, reported) for stream in streams]
    first = next((widget for widget in widgets if widget.kind is Kind.GAUGE), None)
    controls = [widget for widget in widgets if widget.stream.writable and widget.kind is not Kind.MAP]
    rest = [widget for widget in widgets if widget not in controls and widget is not first]
    ordered = [*([first] if first else []), *controls, *rest]
    # One large instrument a dashboard: every other gauge is a figure.
    return [
        replace(widget, kind=Kind.VALUE) if widget.kind is Kind.GAUGE and widget is not first else widget
        for widget in ordered
    ]


def streams_by_template(template_ids: Iterable[int]) -> dict[int, list[Stream]]:
    """The datastreams of each template, in their order."""
    found: dict[int, list[Stream]] = {key: [] for key in template_ids}
    for row in Datastream.objects.filter(template_id__in=found).order_by("template_id", "position", "pin"):
        found[row.template_id].append(Stream.of(row))
    return found


def headline(widgets: Iterable[Widget]) -> Widget | None:
    """The one that tells most of a device: a measurement before a choice before a switch before a text."""
    ranked = sorted(
        (widget for widget in widgets if widget.kind in _TELLING),
        key=lambda widget: (widget.said.value is None, _TELLING.index(widget.kind)),
    )
    return ranked[0] if ranked else None


_TELLING: Final = (
    *(Kind.GAUGE, Kind.VALUE, Kind.SLIDER, Kind.NUMBER, Kind.SEGMENTED),
    *(Kind.LIST, Kind.SWITCH, Kind.LED, Kind.TEXT, Kind.WRITE),
)


def _span(stream: Stream) -> float | None:
    if stream.minimum is None or stream.maximum is None or stream.maximum <= stream.minimum:
        return None
    return stream.maximum - stream.minimum


def _limit(stream: Stream, limit: float | None) -> str:
    if limit is None:
        return ""
    whole = limit == math.floor(limit)
    return shown(replace(stream, decimals=0 if whole else stream.decimals), int(limit) if whole else limit)


def _plain_limit(stream: Stream, limit: float | None) -> str:
    if limit is None:
        return ""
    return str(int(limit)) if limit == math.floor(limit) else written(stream, limit)
