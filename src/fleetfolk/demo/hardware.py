"""Simulated devices: each has an inside that changes with time and obeys what people set, as firmware does.

What a device is made of is in the file `simulated.json`: its token and its datastreams. Any template will do, for it
goes by their kinds and units alone.
"""

import json
import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILE = "simulated.json"
"""In the data folder, readable by its owner alone: it holds tokens."""

POWERS = frozenset({"W", "kW"})
LARGEST_COUNTER = 1_000_000
EVENT_CHANCE = 0.0005
"""Of each report: about one event an hour from forty devices."""


@dataclass(kw_only=True, slots=True)
class Part:
    """A datastream as the firmware knows it."""

    pin: int
    kind: str
    units: str = ""
    minimum: float | None = None
    maximum: float | None = None
    writable: bool = False
    choices: list[int] = field(default_factory=list)
    default: Any = None

    @property
    def range(self) -> tuple[float, float]:
        """Between which numbers it moves."""
        least = -10.0 if self.minimum is None else self.minimum
        return least, least + 100 if self.maximum is None else self.maximum


@dataclass(kw_only=True, slots=True)
class Hardware:
    """A simulated device: its parts, and their present values by pin."""

    token: str
    parts: list[Part]
    events: list[str] = field(default_factory=list)
    place: tuple[float, float] | None = None
    values: dict[int, Any] = field(default_factory=dict)
    told: set[int] = field(default_factory=set)
    chance: random.Random = field(default_factory=random.Random)

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> "Hardware":
        """The device of a record of the file. Its life is its own, and the same each time."""
        parts = [Part(**part) for part in record["parts"]]
        place = tuple(record["place"]) if record.get("place") else None
        chance = random.Random(record["token"])  # noqa: S311 - a life, not a secret
        device = cls(token=record["token"], parts=parts, events=record.get("events", []), place=place, chance=chance)
        for part in parts:
            device.values[part.pin] = device._beginning(part)
        return device

    def obey(self, said: Mapping[str, Any]) -> None:
        """What people set, as `/getAll` tells it, is done."""
        self.told = {part.pin for part in self.parts if f"v{part.pin}" in said}
        for part in self.parts:
            if part.writable and f"v{part.pin}" in said:
                self.values[part.pin] = said[f"v{part.pin}"]

    def live(self) -> None:
        """Some seconds pass."""
        for part in self.parts:
            if not part.writable:
                self.values[part.pin] = self._next(part)

    def report(self) -> list[tuple[str, str]]:
        """What it says of itself: the parameters of `/batch/update`. What people set is theirs to say, once it is."""
        said = []
        for part in self.parts:
            if part.writable and part.pin in self.told:
                continue
            value = self.values[part.pin]
            if part.kind == "location":
                said += [(f"v{part.pin}", f"{each:.5f}") for each in value]
            else:
                said.append((f"v{part.pin}", str(int(value) if isinstance(value, bool) else value)))
        return said

    def event(self) -> str:
        """The code of an event that happens now; mostly none does."""
        return self.chance.choice(self.events) if self.events and self.chance.random() < EVENT_CHANCE else ""

    def _beginning(self, part: Part) -> Any:  # noqa: PLR0911 - one line a kind
        if part.default is not None:
            return part.default
        least, most = part.range
        match part.kind:
            case "boolean":
                return 1
            case "enumerable":
                return part.choices[0] if part.choices else 0
            case "string":
                return "OK"
            case "location":
                return self.place or (13.4, 52.5)
            case "integer" if most > LARGEST_COUNTER:
                return self.chance.randrange(100, 900)
            case "integer":
                return round(least + (most - least) * self.chance.random())
            case _:
                return round(least + (most - least) * (0.3 + 0.3 * self.chance.random()), 2)

    def _next(self, part: Part) -> Any:
        value = self.values[part.pin]
        least, most = part.range
        match part.kind:
            case "double" | "integer" if most <= LARGEST_COUNTER:
                moved = value + (self._goal(part) - value) * 0.15 + self.chance.gauss(0, (most - least) * 0.004)
                kept = min(max(moved, least), most)
                return round(kept) if part.kind == "integer" else round(kept, 2)
            case "integer":
                return value + (self.chance.random() < 0.2)
            case "enumerable":
                return self.chance.choice(part.choices) if part.choices and self.chance.random() < 0.02 else value
            case "boolean":
                return int(self._is_on())
            case "location":
                angle = self.chance.random() * 2 * math.pi
                return value[0] + 0.0004 * math.cos(angle), value[1] + 0.0003 * math.sin(angle)
            case _:
                return value

    def _goal(self, part: Part) -> float:
        """Where a number tends to: what people set in the same units; without power to nothing."""
        least, most = part.range
        if part.units in POWERS and not self._is_on():
            return max(least, 0.0)
        for other in self.parts:
            if other.writable and other.units == part.units and other.kind in {"double", "integer"} and part.units:
                return float(self.values[other.pin])
        return least + (most - least) * 0.45

    def _is_on(self) -> bool:
        switches = [part for part in self.parts if part.writable and part.kind == "boolean"]
        return all(int(self.values[part.pin]) for part in switches)


def read(file: Path) -> list[Hardware]:
    """The devices of the file."""
    return [Hardware.of(record) for record in json.loads(file.read_text(encoding="utf-8"))]
