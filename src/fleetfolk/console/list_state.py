"""The state of a list page: everything that is in its address, checked, and back into an address."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self
from urllib.parse import urlencode

from django.http import QueryDict
from django_stubs_ext import StrPromise

from fleetfolk.console import place
from fleetfolk.console.directory.asked import Key
from fleetfolk.console.typed import typed

MOST_CHOICES = 200

type Reader = Callable[[Sequence[str]], tuple[Any, ...]]
"""Makes values out of what an address says of a filter; what is unknown is left out."""


def keys(given: Sequence[str]) -> tuple[int, ...]:
    """The keys of rows among it."""
    numbers = dict.fromkeys(value for value in given if value.isdecimal() and len(value) < 19)
    return tuple(int(value) for value in numbers)[:MOST_CHOICES]


def among(known: Iterable[str]) -> Reader:
    """Reads those of the known values that are there, in the order in which they are known."""
    values = tuple(known)
    return lambda given: tuple(value for value in values if value in given)


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class Order:
    """What a list can be sorted by, each in words, and the sort that goes without saying.

    The ``falling`` ones begin with what is greatest, unless they are asked for the other way round.
    """

    words: Mapping[str, StrPromise]
    first: str
    falling: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class ListState:
    """What a list page shows. Unknown or malformed parts of an address are left out, never an error.

    A page's own state names its ``order``, its ``filters`` and its ``modes``, and has a field for each of these two: a
    filter's is a tuple, empty where it does not restrict; a mode's is one of the words that change what is listed
    without narrowing it, or ''. A filter that the page has no chip for is ``unseen``.
    """

    order: ClassVar[Order]
    filters: ClassVar[Mapping[str, Reader]] = {}
    modes: ClassVar[Mapping[str, Collection[str]]] = {}
    unseen: ClassVar[Collection[str]] = ()

    query: str = ""
    sort: str
    descending: bool
    after: str = ""
    before: str = ""

    @classmethod
    def of(cls, parameters: QueryDict) -> Self:
        """The state that an address says."""
        order = cls.order
        sort = parameters.get("sort", "")
        sort = sort if sort in order.words else order.first
        default = "desc" if sort in order.falling else "asc"
        own: dict[str, Any] = {name: read(parameters.getlist(name)) for name, read in cls.filters.items()}
        own |= {name: word for name, known in cls.modes.items() if (word := parameters.get(name, "")) in known}
        return cls(
            query=typed(parameters),
            sort=sort,
            descending=parameters.get("dir", default) == "desc",
            after=parameters.get("after", ""),
            before=parameters.get("before", ""),
            **own,
        )

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.query or any(self.chosen(name) for name in self.filters))

    @property
    def backward(self) -> bool:
        """Whether the page ends before a row, and does not begin after one."""
        return bool(self.before and not self.after)

    def chosen(self, name: str) -> tuple[Any, ...]:
        """What a filter is set to."""
        values: tuple[Any, ...] = getattr(self, name) if name in self.filters else ()
        return values

    def key(self, sorts: Mapping[Any, Sequence[tuple[str, str]]]) -> Key | None:
        """The row beside which the page lies, as the columns of the sort have it."""
        return place.read(self.after or self.before, columns=sorts[self.sort])

    @property
    def said(self) -> list[tuple[str, str]]:
        """What a form sends along beside words and chips: unseen filters, the modes, and how it is sorted."""
        unseen = [(name, str(value)) for name in self.unseen for value in self.chosen(name)]
        return [*unseen, *self._modes(), *self._sorting()]

    def address(self) -> str:
        """The query string of the state, without what goes without saying."""
        pairs = [*self._narrowing(), *self._sorting()]
        if self.after:
            pairs.append(("after", self.after))
        elif self.before:
            pairs.append(("before", self.before))
        return "?" + urlencode(pairs)

    def addresses_sorted_by(self, sorts: Iterable[str]) -> dict[str, str]:
        """What `sorted_by` gives as addresses, for many columns at once: what they share is written once."""
        shared = urlencode(self._narrowing())
        tails = {sort: urlencode(self._sorting_by(sort, self._falls(sort))) for sort in sorts}
        return {sort: "?" + "&".join(part for part in (shared, tail) if part) for sort, tail in tails.items()}

    def sorted_by(self, sort: str) -> Self:
        """The first page sorted by this column; the other way round where it is sorted by it already."""
        return replace(self, sort=sort, descending=self._falls(sort), after="", before="")

    def at(self, *, after: str = "", before: str = "") -> Self:
        """The page after, or before, the row that the cursor names."""
        return replace(self, after=after, before=before)

    def first_page(self, **changes: object) -> Self:
        """The first page of a changed state."""
        return replace(self, after="", before="", **changes)  # type: ignore[arg-type]

    def unfiltered(self) -> Self:
        """The list as it begins, in the same modes."""
        modes = dict(self._modes())
        return type(self).of(QueryDict(urlencode(modes)))

    def _modes(self) -> list[tuple[str, str]]:
        return [(name, word) for name in self.modes if (word := str(getattr(self, name)))]

    def _narrowing(self) -> list[tuple[str, str]]:
        pairs = [("q", self.query)] if self.query else []
        pairs += self._modes()
        pairs += [(name, str(value)) for name in self.filters for value in self.chosen(name)]
        return pairs

    def _sorting(self) -> list[tuple[str, str]]:
        return self._sorting_by(self.sort, self.descending)

    def _sorting_by(self, sort: str, descending: bool) -> list[tuple[str, str]]:
        pairs = [("sort", sort)] if sort != self.order.first else []
        if descending != (sort in self.order.falling):
            pairs.append(("dir", "desc" if descending else "asc"))
        return pairs

    def _falls(self, sort: str) -> bool:
        """Whether a click on the heading of this column begins with what is greatest."""
        return not self.descending if sort == self.sort else sort in self.order.falling
