"""A line of rules as people read it, and what is the case in words."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fleetfolk.segments.conditions import Line
from fleetfolk.segments.fields import Field
from fleetfolk.segments.operators import Kind, Operator, Shape

MOST_NAMED: Final = 5


def words_of(line: Line, asked: Field, operator: Operator, tenant_id: int) -> str:
    """The line as a sentence without a full stop."""
    about = [_about(line, asked, tenant_id)] if line.about else []
    if operator.shape is Shape.DAYS:
        compared = [_PERIODS[operator.code](line.value)]
    else:
        compared = [str(operator.label), _value(line, asked, operator, tenant_id)]
    said = [str(asked.label), *about, *compared]
    return " ".join(part for part in said if part)


def _about(line: Line, asked: Field, tenant_id: int) -> str:
    parts = []
    for about in asked.about:
        value = line.about.get(about.name)
        if value is None:
            continue
        if about.shape is Shape.DAYS:
            parts.append(_days(value))
        elif about.choices is not None:
            parts.append(about.choices.named(tenant_id, [value]).get(value, str(value)))
    return f"({', '.join(parts)})"


def _days(number: int) -> str:
    return ngettext("%(number)s day", "%(number)s days", number) % {"number": number_format(number)}


def _value(line: Line, asked: Field, operator: Operator, tenant_id: int) -> str:
    if operator.shape is Shape.MANY:
        names = asked.choices.named(tenant_id, line.value) if asked.choices else {}
        said = [str(names.get(one, one)) for one in line.value]
        more = [_("%(number)s more") % {"number": len(said) - MOST_NAMED}] if len(said) > MOST_NAMED else []
        return ", ".join([*said[:MOST_NAMED], *more])
    return _WORDS[operator.shape](line.value)


def _day(value: str) -> str:
    return str(date_format(dt.date.fromisoformat(value), "SHORT_DATE_FORMAT"))


def _switch(value: bool) -> str:
    return _("yes") if value else _("no")


def _range(value: list[float]) -> str:
    return _("%(low)s and %(high)s") % {"low": number_format(value[0]), "high": number_format(value[1])}


def _last(number: int) -> str:
    said = ngettext("was within the last %(number)s day", "was within the last %(number)s days", number)
    return said % {"number": number_format(number)}


def _ago(number: int) -> str:
    said = ngettext("was more than %(number)s day ago", "was more than %(number)s days ago", number)
    return said % {"number": number_format(number)}


def _next(number: int) -> str:
    said = ngettext("is within the next %(number)s day", "is within the next %(number)s days", number)
    return said % {"number": number_format(number)}


_PERIODS: Final[Mapping[str, Callable[[int], str]]] = {"last": _last, "ago": _ago, "next": _next}
_WORDS: Final[Mapping[Shape, Callable[[Any], str]]] = {
    Shape.NONE: lambda _value: "",
    Shape.TEXT: "“{}”".format,
    Shape.NUMBER: lambda value: str(number_format(value)),
    Shape.RANGE: _range,
    Shape.DAY: _day,
    Shape.SWITCH: _switch,
}


def shown(text: str | None, asked: Field, zone: ZoneInfo, tenant_id: int) -> str:
    """What the database says a field is, in words."""
    if text is None or not text:
        return _("not known")
    if asked.kind is Kind.MOMENT:
        return str(date_format(dt.datetime.fromisoformat(text).astimezone(zone), "SHORT_DATETIME_FORMAT"))
    if asked.kind is Kind.DAY:
        return _day(text)
    if asked.kind is Kind.SWITCH:
        return _switch(text == "true")
    if asked.kind is Kind.CHOICE and asked.choices is not None:
        return asked.choices.named(tenant_id, [text]).get(text, text)
    return text
