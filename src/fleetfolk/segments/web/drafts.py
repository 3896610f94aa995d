"""Rules while somebody writes them: a tree of groups and lines that may be unfinished, between form and JSON.

A place is ``r`` for the whole, ``r-0`` for its first part, ``r-0-2`` for the third part of that. A form names its nodes
in order (``node=r-0:line``) and says of each what stands there (``field-r-0``, ``op-r-0``, ``v-r-0``, …).
"""

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from fleetfolk.segments.conditions import All, Either, Line, Node, Not, parse
from fleetfolk.segments.fields import Field, Words
from fleetfolk.segments.operators import Shape, value_fits

ROOT: Final = "r"
MOST_NODES: Final = 120
HOWS: Final = ("all", "any", "none")
_NODE: Final = re.compile(r"(r(?:-[0-9]{1,3}){0,8}):(group|line)")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,21}(?:\.[0-9]{1,12})?")
_STEP: Final = re.compile(r"(line|group|drop):(r(?:-[0-9]{1,3}){0,8})")


@dataclass(kw_only=True, slots=True)
class DraftLine:
    """One condition as it was typed: ``values`` and ``about`` are texts. A new line has no field yet."""

    field: str = ""
    op: str = ""
    values: tuple[str, ...] = ()
    about: dict[str, str] = dataclasses.field(default_factory=dict)


@dataclass(kw_only=True, slots=True)
class DraftGroup:
    """``all``, ``any`` or ``none`` of the parts."""

    how: str = "all"
    parts: list["Draft"] = dataclasses.field(default_factory=list)


type Draft = DraftLine | DraftGroup


def fresh() -> DraftGroup:
    """Rules of which nothing is written yet: one line to begin with."""
    return DraftGroup(parts=[DraftLine()])


def from_rules(rules: Any) -> DraftGroup:
    """The rules as they are kept, to be changed."""
    node = _drafted(parse(rules))
    return node if isinstance(node, DraftGroup) else DraftGroup(parts=[node])


def _drafted(node: Node) -> Draft:
    match node:
        case All(parts=parts):
            return DraftGroup(how="all", parts=[_drafted(part) for part in parts])
        case Either(parts=parts):
            return DraftGroup(how="any", parts=[_drafted(part) for part in parts])
        case Not(part=Either(parts=parts)):
            return DraftGroup(how="none", parts=[_drafted(part) for part in parts])
        case Not(part=part):
            return DraftGroup(how="none", parts=[_drafted(part)])
        case Line():
            about = {name: str(value) for name, value in node.about.items()}
            return DraftLine(field=node.field, op=node.op, values=_texts(node.value), about=about)


def _texts(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    return tuple(str(one) for one in value) if isinstance(value, list) else (str(value),)


def from_form(said: QueryDict) -> DraftGroup:
    """What a form says, after the step that a button of it asks for. Nodes without a group above them are left out."""
    root = DraftGroup(parts=[])
    groups = {ROOT: root}
    for name in said.getlist("node")[:MOST_NODES]:
        known = _NODE.fullmatch(name)
        if known is None:
            continue
        place, kind = known[1], known[2]
        how = said.get(f"how-{place}", "all")
        above = groups.get(place.rpartition("-")[0])
        if place == ROOT:
            root.how = how if how in HOWS else "all"
        elif above is not None and kind == "group":
            groups[place] = DraftGroup(how=how if how in HOWS else "all")
            above.parts.append(groups[place])
        elif above is not None:
            above.parts.append(_line(said, place))
    _take_step(root, said.get("do", ""))
    return root if root.parts else fresh()


def _line(said: QueryDict, place: str) -> DraftLine:
    chosen = said.get(f"field-{place}", "")
    if chosen != said.get(f"was-{place}", ""):
        return DraftLine(field=chosen)
    prefix = f"about-{place}-"
    return DraftLine(
        field=chosen,
        op=said.get(f"op-{place}", ""),
        values=tuple(said.getlist(f"v-{place}")),
        about={name.removeprefix(prefix): said.get(name, "").strip() for name in said if name.startswith(prefix)},
    )


def _take_step(root: DraftGroup, step: str) -> None:
    """One more line or group, or one less. A step that leads nowhere is none."""
    known = _STEP.fullmatch(step)
    if known is None:
        return
    what, place = known[1], [int(number) for number in known[2].split("-")[1:]]
    group: Draft = root
    for number in place if what != "drop" else place[:-1]:
        if not isinstance(group, DraftGroup) or number >= len(group.parts):
            return
        group = group.parts[number]
    if not isinstance(group, DraftGroup):
        return
    if what == "line":
        group.parts.append(DraftLine())
    elif what == "group":
        group.parts.append(DraftGroup(how="any" if group.how == "all" else "all", parts=[DraftLine()]))
    elif place and place[-1] < len(group.parts):
        del group.parts[place[-1]]


def lines(draft: Draft, place: str = ROOT) -> Iterator[tuple[str, DraftLine]]:
    """Every line with its place, in order."""
    if isinstance(draft, DraftLine):
        yield place, draft
        return
    for number, part in enumerate(draft.parts):
        yield from lines(part, f"{place}-{number}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """What a draft comes to: its rules, or what is missing, by the places of the lines."""

    rules: dict[str, Any] | None
    missing: Mapping[str, str]


def written(draft: DraftGroup, fields: Mapping[str, Field]) -> Written:
    """The rules as they are kept, where every line is finished."""
    missing: dict[str, str] = {}
    rules = _group(draft, ROOT, fields, missing)
    return Written(rules=None if missing or rules is None else rules, missing=missing)


def _group(
    group: DraftGroup, place: str, fields: Mapping[str, Field], missing: dict[str, str]
) -> dict[str, Any] | None:
    parts = []
    for number, part in enumerate(group.parts):
        at = f"{place}-{number}"
        rules = (
            line_rules(part, at, fields, missing) if isinstance(part, DraftLine) else _group(part, at, fields, missing)
        )
        if rules is not None:
            parts.append(rules)
    if not group.parts:
        missing.setdefault(place, _("This group is empty. Add a line, or remove it."))
    if not parts:
        return None
    if group.how == "none":
        return {"not": parts[0] if len(parts) == 1 else {"any": parts}}
    return {group.how: parts}


def line_rules(
    line: DraftLine, place: str, fields: Mapping[str, Field], missing: dict[str, str]
) -> dict[str, Any] | None:
    """One line as it is kept; None where it is not finished, and then why stands at its place."""
    known = fields.get(line.field)
    if known is None:
        missing[place] = _("Choose what this line asks about.")
        return None
    operator = known.operators.get(line.op)
    if operator is None:
        missing[place] = _("Choose how it is compared.")
        return None
    value = _value(operator.shape, line.values, known)
    if not value_fits(operator.shape, value):
        missing[place] = _WANTED[operator.shape]()
        return None
    about: dict[str, Any] = {}
    for one in known.about:
        said = line.about.get(one.name, "")
        if said:
            about[one.name] = _value(one.shape, (said,), None)
        if (said and not value_fits(one.shape, about[one.name])) or (one.required and not said):
            missing[place] = _("Fill in “%(label)s”.") % {"label": one.label}
            return None
    rules: dict[str, Any] = {"field": line.field, "op": line.op}
    if value is not None:
        rules["value"] = value
    return rules | ({"about": about} if about else {})


def _value(shape: Shape, values: Sequence[str], known: Field | None) -> Any:
    """The value as JSON keeps it; what cannot be read stays as it was typed, and fits nothing."""
    return _READ[shape]([value.strip() for value in values], known) if shape in _READ else first_of(values)


def first_of(values: Sequence[str]) -> str:
    """What was typed into a line's only field."""
    return values[0].strip() if values else ""


def _many(values: Sequence[str], known: Field | None) -> list[Any]:
    """Keys of rows, or words of a list that never changes."""
    given = list(dict.fromkeys(values))
    keys = not isinstance(known.choices if known else None, Words)
    if keys and all(value.isascii() and value.isdecimal() and len(value) < 19 for value in given):
        return [int(value) for value in given]
    return given


def _days(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else text


def _number(text: str) -> int | float | str:
    plain = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
    if not _NUMBER.fullmatch(plain):
        return text
    return float(plain) if "." in plain else int(plain)


_READ: Final[Mapping[Shape, Callable[[Sequence[str], Field | None], Any]]] = {
    Shape.NONE: lambda _values, _known: None,
    Shape.NUMBER: lambda values, _known: _number(first_of(values)),
    Shape.DAYS: lambda values, _known: _days(first_of(values)),
    Shape.RANGE: lambda values, _known: [_number(value) for value in values[:2]],
    Shape.SWITCH: lambda values, _known: {"yes": True, "no": False}.get(first_of(values), first_of(values)),
    Shape.MANY: _many,
}
_WANTED: Final = {
    Shape.NONE: lambda: _("This asks for no value."),
    Shape.TEXT: lambda: _("Type what is compared."),
    Shape.NUMBER: lambda: _("Type a number."),
    Shape.RANGE: lambda: _("Type two numbers, the smaller one first."),
    Shape.MANY: lambda: _("Choose at least one."),
    Shape.DAYS: lambda: _("Type a number of days."),
    Shape.DAY: lambda: _("Choose a day."),
    Shape.SWITCH: lambda: _("Choose yes or no."),
}
