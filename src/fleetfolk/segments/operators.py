"""What can be asked of a field, by its kind: the operators, what a value of each looks like, and their SQL.

A condition may come out as null, which counts as false. An operator with an ``opposite`` holds exactly where that one
does not.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from fleetfolk.console.sql import Sql

LONGEST_TEXT: Final = 200
MOST_VALUES: Final = 200
MOST_DAYS: Final = 36_500
GREATEST: Final = 10**20
YEARS: Final = (1900, 2200)


class Kind(StrEnum):
    """What a field holds. A ``moment`` is a point of time, a ``day`` a date alone; ``labels`` are many at once."""

    TEXT = "text"
    NUMBER = "number"
    COUNT = "count"
    MOMENT = "moment"
    DAY = "day"
    CHOICE = "choice"
    LABELS = "labels"
    PLACE = "place"
    SWITCH = "switch"


class Shape(StrEnum):
    """What a value looks like: ``range`` two numbers, ``many`` keys or words of a list, ``days`` how many of them."""

    NONE = "none"
    TEXT = "text"
    NUMBER = "number"
    RANGE = "range"
    MANY = "many"
    DAYS = "days"
    DAY = "day"
    SWITCH = "switch"


@dataclass(frozen=True, kw_only=True, slots=True)
class Operator:
    """One thing that can be asked."""

    code: str
    label: StrPromise
    shape: Shape
    opposite: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Moments:
    """Now, and where days begin."""

    now: dt.datetime
    zone: ZoneInfo

    @property
    def today(self) -> dt.date:
        """The day that it is there."""
        return self.now.astimezone(self.zone).date()

    def start(self, day: dt.date) -> dt.datetime:
        """The first moment of the day."""
        return dt.datetime.combine(day, dt.time(), tzinfo=self.zone)

    def day(self, away: int) -> dt.date:
        """The day so many days from today."""
        return self.today + dt.timedelta(days=away)


def _listed(*operators: Operator) -> dict[str, Operator]:
    return {operator.code: operator for operator in operators}


_KNOWN = (
    Operator(code="known", label=_("is known"), shape=Shape.NONE),
    Operator(code="unknown", label=_("is not known"), shape=Shape.NONE, opposite="known"),
)
_NUMBER = (
    Operator(code="equals", label=_("is"), shape=Shape.NUMBER),
    Operator(code="differs", label=_("is not"), shape=Shape.NUMBER, opposite="equals"),
    Operator(code="at_least", label=_("is at least"), shape=Shape.NUMBER),
    Operator(code="at_most", label=_("is at most"), shape=Shape.NUMBER),
    Operator(code="above", label=_("is above"), shape=Shape.NUMBER),
    Operator(code="below", label=_("is below"), shape=Shape.NUMBER),
    Operator(code="between", label=_("is between"), shape=Shape.RANGE),
)
_CHOICE = (
    Operator(code="any_of", label=_("is one of"), shape=Shape.MANY),
    Operator(code="none_of", label=_("is none of"), shape=Shape.MANY, opposite="any_of"),
)
_DATE = (
    Operator(code="last", label=_("in the last … days"), shape=Shape.DAYS),
    Operator(code="ago", label=_("more than … days ago"), shape=Shape.DAYS),
    Operator(code="next", label=_("in the next … days"), shape=Shape.DAYS),
    Operator(code="before", label=_("is before"), shape=Shape.DAY),
    Operator(code="on", label=_("is on"), shape=Shape.DAY),
    Operator(code="after", label=_("is after"), shape=Shape.DAY),
    *_KNOWN,
)
OPERATORS: Final[Mapping[Kind, Mapping[str, Operator]]] = {
    Kind.TEXT: _listed(
        Operator(code="is", label=_("is"), shape=Shape.TEXT),
        Operator(code="is_not", label=_("is not"), shape=Shape.TEXT, opposite="is"),
        Operator(code="contains", label=_("contains"), shape=Shape.TEXT),
        Operator(code="lacks", label=_("does not contain"), shape=Shape.TEXT, opposite="contains"),
        Operator(code="begins", label=_("begins with"), shape=Shape.TEXT),
        Operator(code="ends", label=_("ends with"), shape=Shape.TEXT),
        *_KNOWN,
    ),
    Kind.NUMBER: _listed(*_NUMBER, *_KNOWN),
    Kind.COUNT: _listed(*_NUMBER),
    Kind.MOMENT: _listed(*_DATE),
    Kind.DAY: _listed(*_DATE),
    Kind.CHOICE: _listed(*_CHOICE, *_KNOWN),
    Kind.LABELS: _listed(
        Operator(code="any_of", label=_("include one of"), shape=Shape.MANY),
        Operator(code="all_of", label=_("include all of"), shape=Shape.MANY),
        Operator(code="none_of", label=_("include none of"), shape=Shape.MANY, opposite="any_of"),
        Operator(code="known", label=_("are there"), shape=Shape.NONE),
        Operator(code="unknown", label=_("are not there"), shape=Shape.NONE, opposite="known"),
    ),
    Kind.PLACE: _listed(
        Operator(code="within", label=_("is or is below"), shape=Shape.MANY),
        Operator(code="beyond", label=_("is not and is not below"), shape=Shape.MANY, opposite="within"),
    ),
    Kind.SWITCH: _listed(Operator(code="is", label=_("is"), shape=Shape.SWITCH)),
}


def value_fits(shape: Shape, value: Any) -> bool:
    """Whether the value, as JSON holds it, looks as the operator wants it."""
    return _FITS[shape](value)


def is_number(value: Any) -> bool:
    """Whether it is a number that can be compared."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= GREATEST  # Neither holds for what is no number.


def _is_text(value: Any) -> bool:
    return (
        isinstance(value, str)
        and len(value) <= LONGEST_TEXT
        and "\0" not in value
        and any(character.isalnum() for character in value)
    )


def _is_range(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(is_number, value)) and value[0] <= value[1]


def _is_many(value: Any) -> bool:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_VALUES:
        return False
    keys = all(isinstance(one, int) and not isinstance(one, bool) and 0 <= one < 2**63 for one in value)
    words = all(isinstance(one, str) and 0 < len(one) <= LONGEST_TEXT and "\0" not in one for one in value)
    return (keys or words) and len(set(value)) == len(value)


def _is_days(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_DAYS


def _is_day(value: Any) -> bool:
    if not isinstance(value, str) or len(value) != len("2026-12-31"):
        return False
    try:
        day = dt.date.fromisoformat(value)
    except ValueError:
        return False
    return YEARS[0] <= day.year <= YEARS[1]


_FITS: Final[Mapping[Shape, Callable[[Any], bool]]] = {
    Shape.NONE: lambda value: value is None,
    Shape.TEXT: _is_text,
    Shape.NUMBER: is_number,
    Shape.RANGE: _is_range,
    Shape.MANY: _is_many,
    Shape.DAYS: _is_days,
    Shape.DAY: _is_day,
    Shape.SWITCH: lambda value: isinstance(value, bool),
}


def compared(kind: Kind, operator: str, expression: Sql, value: Any, moments: Moments, *, plain: bool = False) -> Sql:
    """The condition that the operator, which has no opposite, makes of the expression.

    Text is folded already, and what is looked for is folded, too; where it is ``plain`` only letters are made small.
    """
    if operator == "known":
        return _after(expression, " <> ''") if kind is Kind.TEXT else _after(expression, " IS NOT NULL")
    if kind is Kind.TEXT:
        return _text(operator, expression, value, plain=plain)
    if kind in _DATES:
        return _DATES[kind](operator, expression, value, moments)
    return _COMPARED[kind](operator, expression, value)


def count_holds(operator: str, value: Any, number: int) -> bool:
    """Whether the number is one that the operator asks for."""
    match operator:
        case "equals":
            return bool(number == value)
        case "at_least":
            return bool(number >= value)
        case "at_most":
            return bool(number <= value)
        case "above":
            return bool(number > value)
        case "below":
            return bool(number < value)
        case _:
            return bool(value[0] <= number <= value[1])


def _after(expression: Sql, more: str, *params: Any) -> Sql:
    return Sql(f"({expression.text}){more}", (*expression.params, *params))


def _text(operator: str, expression: Sql, value: str, *, plain: bool) -> Sql:
    sought = "lower(%s)" if plain else "fold(%s)"
    if operator == "contains":
        return Sql(f"strpos({expression.text}, {sought}) > 0", (*expression.params, value))
    if operator == "begins":
        return Sql(f"starts_with({expression.text}, {sought})", (*expression.params, value))
    if operator == "ends":
        text = f"right({expression.text}, length({sought})) = {sought}"
        return Sql(text, (*expression.params, value, value))
    return Sql(f"({expression.text}) = {sought}", (*expression.params, value))


def _one_of(operator: str, expression: Sql, value: Any) -> Sql:
    cast = "text" if isinstance(value[0], str) else "bigint"
    return _after(expression, f" = ANY(%s::{cast}[])", value)


def _place(operator: str, expression: Sql, value: Any) -> Sql:
    return _after(expression, " && %s::bigint[]", value)


def _switch(operator: str, expression: Sql, value: Any) -> Sql:
    return _after(expression, " = %s", value)


_SIGNS: Final = {"equals": "=", "at_least": ">=", "at_most": "<=", "above": ">", "below": "<"}


def _number(operator: str, expression: Sql, value: Any) -> Sql:
    if operator == "between":
        return _after(expression, " BETWEEN %s::numeric AND %s::numeric", _exact(value[0]), _exact(value[1]))
    return _after(expression, f" {_SIGNS[operator]} %s::numeric", _exact(value))


def _count(operator: str, expression: Sql, value: Any) -> Sql:
    """As `_number`, but whole numbers are compared as such: a million of them would have to become others first."""
    if not all(isinstance(one, int) for one in (value if isinstance(value, list) else [value])):
        return _number(operator, expression, value)
    if operator == "between":
        return _after(expression, " BETWEEN %s::bigint AND %s::bigint", *map(_near, value))
    return _after(expression, f" {_SIGNS[operator]} %s::bigint", _near(value))


def _near(value: int) -> int:
    """What no count reaches may be any number that it does not reach."""
    return max(-(2**62), min(value, 2**62))


def _exact(value: float) -> Decimal:
    return Decimal(str(value))


def _moment(operator: str, expression: Sql, value: Any, moments: Moments) -> Sql:
    start, day = moments.start, moments.day
    match operator:
        case "last":
            return _after(expression, " BETWEEN %s AND %s", start(day(-value)), moments.now)
        case "ago":
            return _after(expression, " < %s", start(day(-value)))
        case "next":
            within = " BETWEEN %s AND %s - interval '1 microsecond'"
            return _after(expression, within, moments.now, start(day(value + 1)))
    said = dt.date.fromisoformat(value)
    following = said + dt.timedelta(days=1)
    match operator:
        case "before":
            return _after(expression, " < %s", start(said))
        case "on":
            within = " BETWEEN %s AND %s - interval '1 microsecond'"
            return _after(expression, within, start(said), start(following))
        case _:
            return _after(expression, " >= %s", start(following))


def _day(operator: str, expression: Sql, value: Any, moments: Moments) -> Sql:
    """Days are text in the order of the calendar."""
    text = Sql(f'({expression.text}) COLLATE "C"', expression.params)
    today = moments.today.isoformat()
    match operator:
        case "last":
            return _after(text, " BETWEEN %s AND %s", moments.day(-value).isoformat(), today)
        case "ago":
            return _after(text, " < %s", moments.day(-value).isoformat())
        case "next":
            return _after(text, " BETWEEN %s AND %s", today, moments.day(value).isoformat())
        case _:
            return _after(text, f" {_DAY_SIGNS[operator]} %s", value)


_DAY_SIGNS: Final = {"before": "<", "on": "=", "after": ">"}
_DATES: Final[Mapping[Kind, Callable[[str, Sql, Any, Moments], Sql]]] = {Kind.MOMENT: _moment, Kind.DAY: _day}
_COMPARED: Final[Mapping[Kind, Callable[[str, Sql, Any], Sql]]] = {
    Kind.NUMBER: _number,
    Kind.COUNT: _count,
    Kind.CHOICE: _one_of,
    Kind.LABELS: _one_of,
    Kind.PLACE: _place,
    Kind.SWITCH: _switch,
}
