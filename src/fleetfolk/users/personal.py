"""Where personal data lies: one declaration a table, from which the export and the erasure are made.

A test walks every table of the database and fails for one that is neither declared here nor listed as holding nothing
of people, so that neither forgets one. A package above this one declares its own tables as it starts.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from fleetfolk.users.models import User

type Record = dict[str, Any]
"""Full words as names; times, numbers, text, lists and records of the same as values."""

type Shape = Literal["one", "rows", "log"]
"""``one`` record; ``rows`` of a table, written as JSON and CSV; a ``log``, one JSON text a line."""

type Erasing = Literal["cascade", "delete", "pseudonymize", "keep"]
"""What becomes of the rows: gone with the person's row, deleted by ``by``, freed of the name, or kept with a reason."""


@dataclass(frozen=True, kw_only=True)
class Personal:
    """One table that knows people, or one way in which it does.

    ``model`` is its label, or the bare name of a table that has no model. ``by`` are the columns that hold a person's
    key: what the rows are found by. ``labels`` are columns with a person's name, each beside the column with their key.
    ``export`` yields the records that go into ``file``; without it ``excluded`` says why. ``kept`` says why rows stay.
    ``wipe`` does what the words of ``erase`` cannot, and returns for how many rows. ``count`` says beforehand how many
    records there are, where they can be many.
    """

    model: str
    by: tuple[str, ...] = ()
    export: Callable[[User], Iterator[Record]] | None = None
    file: str = ""
    shape: Shape = "rows"
    erase: Erasing = "cascade"
    excluded: str = ""
    kept: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    wipe: Callable[[User, str], int] | None = None
    count: Callable[[User], int] | None = None

    def __post_init__(self) -> None:
        if (self.export is None) != bool(self.excluded):
            raise TypeError(f"{self.model}: it is exported, or it says why not")
        if (self.export is None) != (not self.file):
            raise TypeError(f"{self.model}: what is exported has a file")
        if (self.erase == "keep") != bool(self.kept):
            raise TypeError(f"{self.model}: what is kept says why")


_REGISTER: list[Personal] = []

LAYOUT: dict[str, Shape] = {
    "profile": "one",
    "identities": "rows",
    "memberships": "rows",
    "devices": "rows",
    "consents": "rows",
    "segments": "rows",
    "sessions": "log",
    "support_sessions": "log",
    "messages": "log",
    "action_log": "log",
}
"""The files that every export has, also where nothing is in them."""


def register_personal(personal: Personal) -> None:
    """The table is known. Two kinds of rows in one file are a `TypeError` where their shapes differ."""
    for other in _REGISTER:
        if personal.file and other.file == personal.file and other.shape != personal.shape:
            raise TypeError(f"{personal.model}: {personal.file} is {other.shape} already")
    if LAYOUT.get(personal.file, personal.shape) != personal.shape:
        raise TypeError(f"{personal.model}: {personal.file} is {LAYOUT[personal.file]}")
    _REGISTER.append(personal)


def registered() -> tuple[Personal, ...]:
    """Every declaration, in the order in which they were made."""
    return tuple(_REGISTER)
