"""The tree of conditions that a dynamic segment's rules are: read from JSON, checked for its form, written back.

``{"all": […]}``, ``{"any": […]}``, ``{"not": …}``, or a line: ``{"field": …, "op": …, "value": …, "about": {…}}``.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from fleetfolk.kernel.errors import Refused

DEEPEST: Final = 5
"""So many groups and NOTs stand above a line at most."""
MOST_LINES: Final = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One condition: a field, an operator, a value, and for a few fields what exactly is meant."""

    field: str
    op: str
    value: Any = None
    about: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Either:
    """One part holds, or several do."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Node"


type Node = Line | All | Either | Not


def parse(rules: Any) -> Node:
    """The tree. Raises `Refused` for what is none, too deep or too long; ``1.3`` is the first part's third."""
    node = _parse(rules, ())
    if sum(1 for _ in lines_of(node)) > MOST_LINES:
        raise Refused("segment_rules_long", most=MOST_LINES)
    return node


def _parse(rules: Any, place: tuple[int, ...]) -> Node:
    if not isinstance(rules, dict):
        raise _unfit(place)
    if len(place) > DEEPEST:
        raise Refused("segment_rules_deep", most=DEEPEST)
    match sorted(rules):
        case ["all"]:
            return All(parts=_parts(rules["all"], place))
        case ["any"]:
            return Either(parts=_parts(rules["any"], place))
        case ["not"]:
            return Not(part=_parse(rules["not"], (*place, 0)))
    name, op, about = rules.get("field"), rules.get("op"), rules.get("about", {})
    strange = rules.keys() - {"field", "op", "value", "about"}
    if strange or not isinstance(name, str) or not isinstance(op, str) or not isinstance(about, dict):
        raise _unfit(place)
    return Line(field=name, op=op, value=rules.get("value"), about=about)


def _parts(parts: Any, place: tuple[int, ...]) -> tuple[Node, ...]:
    if not isinstance(parts, list):
        raise _unfit(place)
    if not parts:
        raise Refused("segment_rules_empty", place=place_name(place))
    if len(parts) > MOST_LINES:
        raise Refused("segment_rules_long", most=MOST_LINES)
    return tuple(_parse(part, (*place, number)) for number, part in enumerate(parts))


def _unfit(place: tuple[int, ...]) -> Refused:
    return Refused("segment_rules_unfit", place=place_name(place))


def place_name(place: tuple[int, ...]) -> str:
    """A place as people count."""
    return ".".join(str(number + 1) for number in place) or "1"


def written(node: Node) -> dict[str, Any]:
    """The tree as it is kept."""
    match node:
        case All(parts=parts):
            return {"all": [written(part) for part in parts]}
        case Either(parts=parts):
            return {"any": [written(part) for part in parts]}
        case Not(part=part):
            return {"not": written(part)}
        case Line():
            kept: dict[str, Any] = {"field": node.field, "op": node.op}
            if node.value is not None:
                kept["value"] = node.value
            if node.about:
                kept["about"] = dict(node.about)
            return kept


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """A line, where it is in the tree, and whether an odd number of NOTs stands above it."""

    line: Line
    place: tuple[int, ...]
    negated: bool


def lines_of(node: Node, place: tuple[int, ...] = (), *, negated: bool = False) -> Iterator[Placed]:
    """Every line, in order."""
    match node:
        case All(parts=parts) | Either(parts=parts):
            for number, part in enumerate(parts):
                yield from lines_of(part, (*place, number), negated=negated)
        case Not(part=part):
            yield from lines_of(part, (*place, 0), negated=not negated)
        case Line():
            yield Placed(line=node, place=place, negated=negated)
