"""A piece of SQL with its parameters, and conditions put together of such."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL with its parameters."""

    text: str
    params: tuple[Any, ...] = ()


TRUE: Final = Sql("true")


def all_of(terms: Sequence[Sql]) -> Sql:
    """The conditions, all of which must hold."""
    return Sql(" AND ".join(t.text for t in terms) or "true", tuple(p for t in terms for p in t.params))


def any_of(terms: Sequence[Sql]) -> Sql:
    """The conditions, one of which must hold."""
    return Sql(f"({' OR '.join(t.text for t in terms) or 'false'})", tuple(p for t in terms for p in t.params))
