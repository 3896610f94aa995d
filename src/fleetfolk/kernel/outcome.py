"""What an Action did: the only facts that reach the action log."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from fleetfolk.kernel.errors import ActionError

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
class Alike:
    """What an Action did in the same way to many rows: each has an entry of its own, and none becomes an object.

    ``model`` has ``logged_as``, SQL for what `str` says of its row ``t``, and an ``organization``, unless its rows are
    organizations themselves. ``columns`` are facts that differ from row to row: the names of their columns by the names
    of the facts.
    """

    model: type[Model]
    ids: Sequence[int]
    changes: Sequence[Change] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class SetOutcome[T: Model]:
    """What a set-based Action did: one `Outcome` a target, each of which becomes one entry, or many `Alike`."""

    outcomes: Sequence[Outcome[T]] = ()
    summary: Mapping[str, Fact] = field(default_factory=dict)
    alike: Sequence[Alike] = ()

    @property
    def count(self) -> int:
        """How many rows were changed."""
        return len(self.outcomes) + sum(len(group.ids) for group in self.alike)


@dataclass(frozen=True, kw_only=True, slots=True)
class EachOutcome:
    """How an Action went for each of many targets: the keys of those to whom it was done, and why not to the others."""

    done: Sequence[int]
    refused: Mapping[int, ActionError]


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
