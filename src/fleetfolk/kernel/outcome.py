"""What an Action did: the only facts that reach the action log."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

Fact = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after, as a person reads it."""

    field: str
    before: Fact
    after: Fact


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome[T: Model]:
    """The target afterwards, and two allow-lists for the log. Nothing else is recorded, so nothing needs redacting."""

    target: T
    changes: Sequence[Change] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class SetOutcome[T: Model]:
    """What a set-based Action did: one `Outcome` a target, each of which becomes one entry."""

    outcomes: Sequence[Outcome[T]]
    summary: Mapping[str, Fact] = field(default_factory=dict)


def readable(value: Any) -> Fact:
    """A value as the log keeps it: text for what JSON lacks."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return str(value)


def changes_between(target: Model, values: Mapping[str, Any]) -> list[Change]:
    """The fields that ``values`` would change on ``target``, with before and after."""
    return [
        Change(name, readable(getattr(target, name)), readable(value))
        for name, value in values.items()
        if getattr(target, name) != value
    ]
