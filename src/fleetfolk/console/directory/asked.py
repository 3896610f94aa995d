"""What is asked of a large table, and what is answered: the table, the rows that are wanted, a page of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from fleetfolk.console.sql import Sql

type Key = tuple[Any, ...]  # the sort's values and the id of one row: its place in the list
BRANCHES: Final = 8
"""Who has more of them is asked for by the organizations at and below them, as `homes`: a row is not compared with
hundreds of paths."""


class Cursor(Protocol):
    """What is used of a database cursor: Django's and psycopg's both fit."""

    def execute(self, sql: Any, params: Any = ..., /) -> Any: ...
    def fetchall(self) -> list[Any]: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Tags:
    """Where a row's tags are: ``names`` is a table with ``tenant_id`` and ``search_text``, ``links`` says which row
    (its key is in the column ``of``) carries which of them (``tag_id``).
    """

    names: str
    links: str
    of: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """What is listed: a table with ``tenant_id``, ``organization_id``, ``path``, ``reach`` and ``search_text``.

    ``sorts`` are the columns of one index each, (tenant_id, …, id), with the types that a cursor's values are cast to.
    ``along`` names what is walked instead of the table for a sort whose column is elsewhere, ``beside`` what is
    gathered. In the ``wordy`` ones a typed word can be the reason why its matches stand together. ``sampled`` is the
    sort whose order has nothing to do with names and places; the index of ``covered`` holds ``state``, ``reach`` and
    ``search_text`` besides. ``shown`` and ``hidden`` tell rows apart; ``hidden`` is word for word the condition of an
    index. ``address`` is a column of which a word with an @ inside is the beginning. By ``tags`` rows are found, too.
    """

    name: str
    sorts: Mapping[Any, tuple[tuple[str, str], ...]]
    wordy: frozenset[str]
    sampled: str
    covered: str
    shown: str
    hidden: str
    along: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    tags: Tags | None = None

    def order(self, sort: str) -> str:
        """The sort's columns, falling, as SQL."""
        return ", ".join(f"{name} DESC" for name, _ in (*self.sorts[sort], ("id", "")))


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which rows of a table, in which order, from where on.

    `branches` (path prefixes, "1.7.", with all below) and `homes` (organization ids) are a reach: None does not
    restrict, an empty tuple is nothing. `filters` restrict further. `known` says filters again in terms of a sort's
    index, by the sort, so that a walk skips all else. `sought` says them again so that an index finds the rows, where
    that is another way than looking at one row after the other. `by_state`: a filter is answered by an index that
    begins with the tenant. `inside`: no filter looks at more than the covering index holds.
    """

    table: Table
    tenant_id: int
    branches: tuple[str, ...] | None = None
    homes: tuple[int, ...] | None = None
    typed: str = ""
    filters: tuple[Sql, ...] = ()
    sought: tuple[Sql, ...] | None = None
    known: Mapping[str, Sql] = field(default_factory=dict)
    hides: bool = True
    by_state: bool = False
    inside: bool = True
    sort: str
    descending: bool = False
    after: Key | None = None  # key of the last row seen (of the first one seen, if backward)
    backward: bool = False
    size: int = 25

    @property
    def falling(self) -> bool:
        """Whether rows are read from the greatest key down."""
        return self.descending != self.backward

    @property
    def source(self) -> str:
        """What is read along the sort."""
        return self.table.along.get(self.sort, self.table.name)


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One page in the order asked for, whichever way it was reached."""

    keys: tuple[Key, ...]
    has_previous: bool
    has_next: bool
    route: str  # how it was found, for logs and benchmarks
    total: int | None = None  # how many there are in all, where finding the page told it

    @property
    def ids(self) -> tuple[int, ...]:
        """The rows' ids, in order."""
        return tuple(key[-1] for key in self.keys)


def named(column: str, table: str, ids: Sequence[int]) -> Sql:
    """A filter on rows of another table, in terms of the folded copies of their names."""
    return Sql(f"{column} = ANY(ARRAY(SELECT fold(name) FROM {table} WHERE id = ANY(%s::bigint[])))", (list(ids),))
