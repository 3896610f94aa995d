"""Who is named by rules, said slowly and obviously: what the SQL is compared with.

Nothing here is shared with the compiler but the tree itself: everybody is loaded, and every line asks everybody.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

OPPOSITES: Final = {
    "is_not": "is",
    "lacks": "contains",
    "unknown": "known",
    "differs": "equals",
    "none_of": "any_of",
    "beyond": "within",
}


@dataclass(kw_only=True)
class Thing:
    """A device: what it is, and what it last said."""

    id: int
    values: dict[str, list[Any]]
    home: int
    there: bool
    owner: int | None


@dataclass(kw_only=True)
class Somebody:
    """A person: for each field all that it is, of which there may be none or several.

    ``happened`` is when something happened to them that a field counts, ``shared`` what is shared with them now.
    """

    id: int
    values: dict[str, list[Any]]
    home: int
    there: bool
    acts: list[tuple[str, str, dt.datetime]] = field(default_factory=list)
    happened: dict[str, list[dt.datetime]] = field(default_factory=dict)
    shared: list[int] = field(default_factory=list)
    entrances: list[tuple[str, dt.datetime]] = field(default_factory=list)


@dataclass(kw_only=True)
class Written:
    """A segment: rules, or who was put in."""

    id: int
    of: str
    home: int
    rules: Mapping[str, Any] | None
    by_hand: set[int]


@dataclass(kw_only=True)
class World:
    """Everybody, every device, every segment, and who is above whom."""

    people: dict[int, Somebody]
    things: dict[int, Thing]
    segments: dict[int, Written]
    above: dict[int, int | None]
    zones: dict[int, ZoneInfo]
    now: dt.datetime

    def named(self, rules: Mapping[str, Any], of: str, home: int) -> set[int]:
        """The keys of whom the rules of an organization name."""
        everybody: Mapping[int, Any] = self.people if of == "users" else self.things
        return {key for key, one in everybody.items() if self._holds_there(rules, of, home, one)}

    def _holds_there(self, rules: Mapping[str, Any], of: str, home: int, one: Any) -> bool:
        return one.there and home in self._upwards(one.home) and self._holds(rules, of, home, one)

    def _upwards(self, place: int | None) -> list[int]:
        line = []
        while place is not None:
            line.append(place)
            place = self.above[place]
        return line

    def _holds(self, rules: Mapping[str, Any], of: str, home: int, one: Any) -> bool:
        if "all" in rules:
            return all(self._holds(part, of, home, one) for part in rules["all"])
        if "any" in rules:
            return any(self._holds(part, of, home, one) for part in rules["any"])
        if "not" in rules:
            return not self._holds(rules["not"], of, home, one)
        return self._line(rules, of, home, one)

    def _line(self, line: Mapping[str, Any], of: str, home: int, one: Any) -> bool:
        if line["op"] in OPPOSITES:
            return not self._line({**line, "op": OPPOSITES[line["op"]]}, of, home, one)
        name, op = line["field"], line["op"]
        value: Any = line.get("value")
        if "about" in line:
            return _number(op, value, self._times(line, home, one))
        if name == "shared_devices":
            shared = [thing for thing in self._here(self.things, home) if thing.there and thing.id in one.shared]
            return _number(op, value, len(shared))
        if name in ("segment", "device_segment", "owner_segment"):
            held = [key for key in value if self._is_in(key, name, home, one)]
            return len(held) == len(value) if op == "all_of" else bool(held)
        found = self._values(name, of, home, one)
        if op == "known":
            return any(item not in (None, "") for item in found)
        if op == "all_of":
            return all(key in found for key in value)
        if op == "within":
            return any(key in self._upwards(one.home) for key in value)
        return any(self._one(op, value, item, home) for item in found if item is not None)

    def _values(self, name: str, of: str, home: int, one: Any) -> list[Any]:
        if of == "devices" or not name.startswith(("device_", "stream.", "metadata.")):
            return list(one.values.get(name, []))
        owned = [thing for thing in self._here(self.things, home) if thing.there and thing.owner == one.id]
        if name == "device_model":
            return [key for thing in owned for key in thing.values["model"]]
        if name == "device_online":
            return [any(thing.values["online"] == [True] for thing in owned)]
        if name == "device_reported":
            moments = [moment for thing in owned for moment in thing.values["reported"] if moment is not None]
            return [max(moments)] if moments else []
        return [value for thing in owned for value in thing.values.get(name, [])]

    def _here[T: Thing | Somebody](self, everybody: Mapping[int, T], home: int) -> list[T]:
        """Those of an organization and of all below it."""
        return [one for one in everybody.values() if home in self._upwards(one.home)]

    def _is_in(self, key: int, name: str, home: int, one: Any) -> bool:
        segment = self.segments[key]
        inside = self._inside(segment)
        if name == "segment":
            return one.id in inside
        if name == "owner_segment":
            return any(owner.id == one.owner and owner.id in inside for owner in self._here(self.people, home))
        return any(thing.owner == one.id and thing.id in inside for thing in self._here(self.things, home))

    def _inside(self, segment: Written) -> set[int]:
        if segment.rules is not None:
            return self.named(segment.rules, segment.of, segment.home)
        everybody: Mapping[int, Any] = self.people if segment.of == "users" else self.things
        return {
            key
            for key, one in everybody.items()
            if key in segment.by_hand and one.there and segment.home in self._upwards(one.home)
        }

    def _times(self, line: Mapping[str, Any], home: int, one: Somebody) -> int:
        about, zone = line["about"], self.zones[home]
        first = self.now.astimezone(zone).date() - dt.timedelta(days=about["days"])

        def counts(at: dt.datetime, code: str, client: str) -> bool:
            wanted = about.get("code", code) == code and about.get("client", client) == client
            return wanted and first <= at.astimezone(zone).date() and at <= self.now

        if line["field"] in one.happened:
            return sum(counts(at, "", "") for at in one.happened[line["field"]])
        if line["field"] == "actions":
            return sum(counts(at, code, client) for code, client, at in one.acts)
        return sum(counts(at, "", client) for client, at in one.entrances)

    def _one(self, op: str, value: Any, item: Any, home: int) -> bool:
        if isinstance(item, bool):
            return bool(item == value)
        if isinstance(item, dt.datetime):
            zone = self.zones[home]
            day, today = item.astimezone(zone).date(), self.now.astimezone(zone).date()
            return _day(op, value, day, today, past=item <= self.now, future=item >= self.now)
        if isinstance(item, dt.date):
            today = self.now.astimezone(self.zones[home]).date()
            return _day(op, value, item, today, past=item <= today, future=item >= today)
        if op == "any_of":
            return bool(item in value)
        if isinstance(item, Decimal | int):
            return _number(op, value, item)
        return _text(op, value, item)


def _number(op: str, value: Any, item: Decimal | int) -> bool:
    number = Decimal(item)
    low, high = (Decimal(str(each)) for each in (value if isinstance(value, list) else (value, value)))
    asked: dict[str, bool] = {
        "equals": number == low,
        "at_least": number >= low,
        "at_most": number <= low,
        "above": number > low,
        "below": number < low,
        "between": low <= number <= high,
    }
    return asked[op]


def _day(op: str, value: Any, day: dt.date, today: dt.date, *, past: bool, future: bool) -> bool:
    match op:
        case "last":
            return past and day >= today - dt.timedelta(days=value)
        case "ago":
            return day < today - dt.timedelta(days=value)
        case "next":
            return future and day <= today + dt.timedelta(days=value)
    said = dt.date.fromisoformat(value)
    return {"before": day < said, "on": day == said, "after": day > said}[op]


class Plain(str):
    """Text that is compared letter by letter, whatever their size."""

    __slots__ = ()


def _text(op: str, value: str, item: str) -> bool:
    if isinstance(item, Plain):
        here, sought = item.lower(), value.lower()
    else:
        here, sought = folded(item), folded(value)
    asked: dict[str, Callable[[], bool]] = {
        "is": lambda: here == sought,
        "contains": lambda: sought in here,
        "begins": lambda: here.startswith(sought),
        "ends": lambda: here.endswith(sought),
    }
    return asked[op]()


def folded(text: str) -> str:
    """Small letters and digits, without accents, with one space between words; each Japanese sign is a word."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    small = re.sub(r"([々-〇぀-ヿ㐀-鿿])", r" \1 ", unicodedata.normalize("NFKC", plain.casefold()))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in small).split())
