"""One page of a large table, as a list shows it: its rows, where it lies, and how many there are in all."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db import connection

from fleetfolk.console.directory.asked import Cursor, Page
from fleetfolk.console.directory.limits import COUNT_CAP
from fleetfolk.kernel.measures import SEARCHES


@dataclass(frozen=True, kw_only=True, slots=True)
class Total:
    """How many there are in all; ``capped``: at least so many."""

    count: int
    capped: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed[Row]:
    """One page, the keys of its first and last row, and how many there are in all, where that was cheap to know."""

    rows: Sequence[Row]
    page: Page
    total: Total | None


class _Listing(Protocol):
    """What is asked of a domain's listing here."""

    @property
    def is_filtered(self) -> bool: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Source[Listing: _Listing, Row]:
    """What a domain lists: how its directory finds a page and counts, and how the rows of keys are read.

    ``name`` is what its searches are measured as.
    """

    name: str
    page: Callable[[Cursor, Listing], Page]
    count: Callable[[Cursor, Listing], tuple[int, bool]]
    rows: Callable[[Sequence[int]], Sequence[Row]]

    def listed(self, listing: Listing) -> Listed[Row]:
        """One page of the listing: a few statements find out which rows, one more reads all of them.

        Matches of a common word cost more to count than to show, and whoever types on never reads their number: what
        the page does not tell by itself is left to `counted`.
        """
        began = time.perf_counter()
        with connection.cursor() as cursor:
            page = self.page(cursor, listing)
            total: Total | None = None
            if not page.has_next and not page.has_previous:
                total = Total(count=len(page.keys), capped=False)
            elif page.total is not None:
                total = Total(count=min(page.total, COUNT_CAP), capped=page.total > COUNT_CAP)
            elif not listing.is_filtered:
                total = self._total(cursor, listing)
        rows = self.rows(page.ids)
        SEARCHES.labels(what=self.name).observe(time.perf_counter() - began)
        return Listed(rows=rows, page=page, total=total)

    def counted(self, listing: Listing) -> Total:
        """How many the listing has on all its pages."""
        began = time.perf_counter()
        with connection.cursor() as cursor:
            total = self._total(cursor, listing)
        SEARCHES.labels(what=f"{self.name} counted").observe(time.perf_counter() - began)
        return total

    def _total(self, cursor: Cursor, listing: Listing) -> Total:
        count, capped = self.count(cursor, listing)
        return Total(count=count, capped=capped)
